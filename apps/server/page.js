"use strict";

const SHOWN_LABELS = 10;
const FAINTEST = 0.04;  // of the strongest effect; words below it stay plain
const EXPLAINED_CHARACTERS = 2000;  // of a request, unasked: a text of n words costs as much as n + 1 texts
const LONG_ARGUMENT = 30000;  // characters; a command's argument may have 128 KB
const byId = (id) => document.getElementById(id);
const [form, model, text, key, list] = ["form", "model", "text", "key", "list"].map(byId);
const parameters = new URLSearchParams(location.search);
let models = new Map();
let running = new AbortController();
let runWhenReady = parameters.has("text");

/// An element with attributes and children; a string becomes text, never markup.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/// A store may be switched off; the page then forgets.
function remember(store, name, value) {
  try { window[store].setItem(name, value); } catch { return; }
}

function remembered(store, name) {
  try { return window[store].getItem(name); } catch { return null; }
}

const addressOf = (path) => new URL(path, location.origin + location.pathname).href;
const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const signed = (effect) => (effect < 0 ? "\u2212" : "+") + Math.abs(effect).toFixed(3);
const duration = (ms) => ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;

class Failure extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

function failureOf(response, body) {
  const told = [body?.error?.message, body?.error, body?.message].find((message) => typeof message === "string");
  const wait = response.headers.get("Retry-After");
  const message = told ?? `the server answered ${response.status} ${response.statusText}`.trim();
  return new Failure(wait ? `${message} (try again in ${wait} s)` : message, response.status);
}

/// The answer and how long it took. Throws `Failure` with the server's own message.
async function ask(path, body, signal) {
  const headers = body ? {"Content-Type": "application/json"} : {};
  const bearer = key.value.trim();
  if (/[^\x21-\x7e]/.test(bearer)) throw new Failure("API key: expected ASCII characters without blanks");
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  const began = performance.now();
  let response, answer;
  try {
    response = await fetch(addressOf(path), {method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), signal});
    answer = await response.text();
  } catch (error) {
    throw signal?.aborted ? error : new Failure("the server cannot be reached");
  }
  let json = null;
  try { json = JSON.parse(answer); } catch { json = null; }
  if (!response.ok || json === null) throw failureOf(response, json);
  return {json, ms: performance.now() - began};
}

function showError(error) {
  byId("error").textContent = error?.message ?? "";
  byId("error").hidden = !error;
  if (error?.status !== 401) return;
  byId("access").open = true;
  key.focus();
}

const quoted = (argument) => `'${argument.replaceAll("'", "'\\''")}'`;

/// JSON that shows all it holds: controls and marks that turn the direction are escaped.
function visibleJson(body) {
  return JSON.stringify(body).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (mark) =>
    Array.from({length: mark.length}, (_, i) => `\\u${mark.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""));
}

/// A line for sh. The key stays out of it.
function curlOf(path, body) {
  const access = key.value.trim() ? ` -H "Authorization: Bearer $API_KEY"` : "";
  const json = quoted(visibleJson(body));
  const address = `${quoted(addressOf(path))}${access}`;
  return json.length < LONG_ARGUMENT ? `curl -s ${address} -d ${json}`
                                     : `printf %s ${json} | curl -s ${address} --data-binary @-`;
}

function texts() {
  if (!byId("lines").checked) return text.value.trim() ? [text.value] : [];
  return text.value.split(/\r?\n/).filter((line) => line.trim());
}

const classifyBody = () => ({model: model.value, inputs: texts(), top_k: 0});

function showCurl() {
  byId("curl").textContent = curlOf("v1/classify", classifyBody());
}

let curlTimer = 0;
function showCurlSoon() {
  clearTimeout(curlTimer);
  curlTimer = setTimeout(showCurl, 150);
}

/// Pages that came without TLS have no clipboard; the older way needs a selection.
async function copy(command, button) {
  let copied = true;
  try {
    await navigator.clipboard.writeText(command);
  } catch {
    const field = make("textarea", {readonly: "", "aria-hidden": "true"});
    field.value = command;
    button.after(field);
    field.select();
    copied = document.execCommand("copy");
    field.remove();
    button.focus();
  }
  const name = button.dataset.name ??= button.textContent;
  button.textContent = copied ? "Copied" : "Not copied";
  setTimeout(() => { button.textContent = name; }, 1500);
}

function showAbout() {
  const about = models.get(model.value);
  byId("about").textContent = !about ? "" : !about.ready ? "not ready"
    : `${about.task.replace("_", "-")}, ${counted(about.labels.length, "label")}, ${about.max_length} tokens at most`;
  showCurl();
}

async function loadModels() {
  try {
    const {json} = await ask("v1/models");
    models = new Map(json.data.map((entry) => [entry.id, entry]));
    model.replaceChildren(...json.data.map((entry) => make("option", {value: entry.id}, entry.id)));
    const wanted = parameters.get("model");
    if (wanted !== null && !models.has(wanted)) throw new Failure(`model '${wanted}': is not served here`);
    const choice = wanted ?? remembered("localStorage", "tastevin.model");
    if (models.has(choice)) model.value = choice;
    showError(null);
  } catch (error) {
    return showError(error);
  } finally {
    showAbout();
  }
  if (runWhenReady) run();
  runWhenReady = false;
}

/// The text's words, each with its effect. `begin` and `end` count code points, a string's places do not.
function colouredWords({text, label, effects}) {
  const points = Array.from(text);
  const most = Math.max(...effects.map(({effect}) => Math.abs(effect)), Number.MIN_VALUE);
  const words = [];
  let from = 0;
  for (const {begin, end, effect} of effects) {
    const size = Math.abs(effect) / most;
    const side = effect < 0 ? "against" : "for";
    const word = make("mark", {title: `${signed(effect)}, ${side} ${label}`}, points.slice(begin, end).join(""));
    if (size >= FAINTEST) word.className = side;
    word.style.setProperty("--size", size.toFixed(3));
    words.push(points.slice(from, begin).join(""), word);
    from = end;
  }
  return [...words, points.slice(from).join("")];
}

function strongestWords({effects}) {
  const rows = [["for it", effects.filter(({effect}) => effect > 0)], ["against it", effects.filter(({effect}) => effect < 0)]];
  return rows.filter(([, side]) => side.length > 0).flatMap(([name, side]) => [
    make("dt", {}, name),
    make("dd", {}, ...side.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).slice(0, 5).map(({text, effect}) =>
      make("span", {class: "effect"}, make("bdi", {}, text), " ", make("span", {class: "number"}, signed(effect)))))]);
}

function scoreRow({label, score}, scale, holds) {
  const button = make("button", {type: "button", class: "label", "aria-pressed": "false", title: `Show the words of ${label}`},
    make("bdi", {}, label));
  button.dataset.label = label;
  if (holds) button.append(" ", make("span", {class: "holds"}, "holds"));
  const fill = make("span", {class: score < 0 ? "fill negative" : "fill"});
  fill.style.setProperty("--share", (Math.abs(score) / scale).toFixed(4));
  return make("li", {}, button, make("span", {class: "track", "aria-hidden": "true"}, fill),
    make("span", {class: "score number", title: score}, score.toFixed(4)));
}

/// All labels, best first; those beyond the first are shown when asked for.
function scoresOf(result) {
  const scale = Math.max(1, ...result.scores.map(({score}) => Math.abs(score)));
  const rows = result.scores.map((scored) => scoreRow(scored, scale, result.labels?.includes(scored.label)));
  const more = rows.slice(SHOWN_LABELS);
  const parts = [make("ol", {class: "scores"}, ...rows)];
  if (more.length === 0) return parts;
  const toggle = make("button", {type: "button", class: "small", "aria-expanded": "false"});
  const show = (open) => {
    more.forEach((row) => { row.hidden = !open; });
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? `Show the best ${SHOWN_LABELS}` : `Show all ${rows.length} labels`;
  };
  toggle.addEventListener("click", () => show(more[0].hidden));
  show(false);
  return [...parts, make("div", {}, toggle)];
}

/// Shows a result; returns what explains it, or null where there is nothing to explain.
function showResult(result, input, name, signal) {
  const words = make("p", {class: "text", dir: "auto"}, input);
  const item = make("li", {class: "result"}, words);
  list.append(item);
  const reach = () => { if (words.scrollHeight > words.clientHeight) words.tabIndex = 0; };
  reach();
  if (result.error) {
    item.append(make("p", {class: "error"}, result.error.message));
    return null;
  }
  const strongest = make("dl", {class: "strongest"});
  const note = make("div", {class: "row hint", "aria-live": "polite"});
  item.append(strongest, note, ...scoresOf(result));
  const cut = result.truncated ? ", cut to fit: the model did not see all of the text" : "";
  item.append(make("p", {class: "hint"}, `${counted(result.tokens, "token")}${cut}`));

  let latest = 0;
  async function explain(label) {
    const turn = ++latest;
    const body = {model: name, inputs: [input], label};
    note.replaceChildren(make("span", {}, "Looking for the words\u2026"));
    try {
      const {json, ms} = await ask("v1/explain", body, signal);
      if (turn !== latest) return;
      const [explanation] = json.results;
      words.replaceChildren(...colouredWords(explanation));
      strongest.replaceChildren(...strongestWords(explanation));
      const button = make("button", {type: "button", class: "small"}, "Copy as curl");
      button.addEventListener("click", () => copy(curlOf("v1/explain", body), button));
      note.replaceChildren(make("span", {}, "Influence on ", make("bdi", {}, explanation.label), `, ${duration(ms)}`), button);
      for (const other of item.querySelectorAll(".label"))
        other.setAttribute("aria-pressed", String(other.dataset.label === explanation.label));
      byId("key-of-colours").hidden = false;
      reach();
    } catch (error) {
      if (turn === latest && !signal.aborted) note.replaceChildren(make("p", {class: "error"}, error.message));
    }
  }
  for (const button of item.querySelectorAll(".label")) button.addEventListener("click", () => explain(button.dataset.label));
  const button = make("button", {type: "button", class: "small"}, "Show the words' influence");
  button.addEventListener("click", () => explain(result.label));
  note.append(button);
  return () => explain(result.label);
}

function summary(results, ms) {
  const [first] = results;
  const answer = results.length === 1 && !first.error ? `${first.label} ${first.score.toFixed(4)}` : counted(results.length, "text");
  const failed = results.filter((result) => result.error).length;
  return `${answer}${failed > 0 ? `, ${counted(failed, "error")}` : ""}, ${duration(ms)}`;
}

async function answer(signal) {
  const body = classifyBody();
  if (body.inputs.length === 0) {
    text.focus();
    throw new Failure("expected a text");
  }
  byId("status").textContent = "Asking\u2026";
  const {json, ms} = await ask("v1/classify", body, signal);
  list.replaceChildren();
  byId("key-of-colours").hidden = true;
  const explanations = json.results.map((result, i) => showResult(result, body.inputs[i], body.model, signal));
  byId("status").textContent = summary(json.results, ms);
  const heading = byId("answer");  // below the form where the window is narrow
  if (heading.getBoundingClientRect().top > innerHeight / 2) heading.scrollIntoView();
  let left = byId("explain").checked ? EXPLAINED_CHARACTERS : 0;
  for (const [i, explain] of explanations.entries()) {
    left -= body.inputs[i].length;
    if (explain && left >= 0 && !signal.aborted) await explain();
  }
}

async function run() {
  running.abort();
  running = new AbortController();
  const {signal} = running;
  showError(null);
  showCurl();
  byId("results").setAttribute("aria-busy", "true");
  try {
    await answer(signal);
  } catch (error) {
    if (signal.aborted) return;
    byId("status").textContent = "";
    showError(error);
  }
  if (!signal.aborted) byId("results").setAttribute("aria-busy", "false");
}

form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
form.addEventListener("input", showCurlSoon);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
});
model.addEventListener("change", () => { remember("localStorage", "tastevin.model", model.value); showAbout(); });
key.addEventListener("input", () => remember("sessionStorage", "tastevin.key", key.value.trim()));
key.addEventListener("change", loadModels);
byId("copy").addEventListener("click", (event) => { showCurl(); copy(byId("curl").textContent, event.currentTarget); });
for (const sample of document.querySelectorAll(".sample")) sample.style.setProperty("--size", "1");

text.value = parameters.getAll("text").join("\n");
byId("lines").checked = parameters.has("lines") || parameters.getAll("text").length > 1;
key.value = remembered("sessionStorage", "tastevin.key") ?? "";
loadModels();
