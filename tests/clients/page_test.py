"""The page at / in Chromium: what a person types, sees and copies, by mouse and by keyboard alone."""

import json
import re
import shlex
import tempfile
import unittest
from pathlib import Path

from models import inference_model
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from served import PATIENCE_S, SST2, ServedTest, Server

WIDE, NARROW = (1100, 900), (420, 900)
READABLE = 4.5  # contrast of text to its background, as WCAG 2.2 has it (1.4.3)


def chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    browser.set_script_timeout(PATIENCE_S)
    return browser


def luminance(channels):
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def channels_of(colour):
    """Red, green and blue of what the browser computed: rgb(0-255) or color(srgb 0-1)."""
    numbers = [float(number) for number in re.findall(r"[\d.]+(?:e-?\d+)?", colour)]
    return numbers[:3] if colour.startswith("color(") else [number / 255 for number in numbers[:3]]


def contrast(one, other):
    dark, light = sorted(luminance(channels_of(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


class PageTest(ServedTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.flags = ("--model", f"sst2={SST2}", "--model", f"nli={inference_model(Path(folder.name) / 'nli')}", "--no-grpc")
        super().setUpClass()
        cls.browser = chromium()
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        self.open()

    def tearDown(self):
        told = [entry["message"] for entry in self.browser.get_log("browser")]
        self.assertEqual([message for message in told if "status of 401" not in message], [])

    def open(self, query="", server=None, size=WIDE, scheme="light"):
        self.browser.set_window_size(*size)
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.browser.get((server or self.server).url + "/" + query)
        self.wait(lambda: self.all("#model option") or self.one("#error").text)

    def wait(self, condition):
        return WebDriverWait(self.browser, PATIENCE_S, 0.02).until(lambda _: condition())

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def content(self, selector):
        return self.browser.execute_script("return document.querySelector(arguments[0]).textContent", selector)

    def keys(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def finished(self):
        return self.wait(lambda: self.one("#results").get_attribute("aria-busy") == "false")

    def classify(self, text):
        self.one("#text").clear()
        self.one("#text").send_keys(text)
        self.one(".run").click()
        self.finished()

    def copied(self):
        self.browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        return self.browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])")


class Answers(PageTest):
    def test_show_each_label_as_a_bar_and_each_word_in_its_colour(self):
        self.classify("a wonderful film but a dull end")

        rows = [(row.find_element(By.CSS_SELECTOR, ".label").text, float(row.find_element(By.CSS_SELECTOR, ".score").text),
                 row.find_element(By.CSS_SELECTOR, ".fill").size["width"] / row.find_element(By.CSS_SELECTOR, ".track").size["width"])
                for row in self.all(".scores li")]
        [result] = self.post_ok("/v1/classify", {"inputs": "a wonderful film but a dull end", "top_k": 0})["results"]
        self.assertEqual([label for label, _, _ in rows], [scored["label"] for scored in result["scores"]])
        for (_, score, width), scored in zip(rows, result["scores"], strict=True):
            self.assertAlmostEqual(score, scored["score"], delta=1e-4)
            self.assertAlmostEqual(width, scored["score"], delta=0.02)
        sides = {word.text: word.get_attribute("class") for word in self.all(".text mark")}
        self.assertEqual(len(sides), 6)  # "a" is there twice
        other = {"NEGATIVE": ("for", "against"), "POSITIVE": ("against", "for")}[rows[0][0]]
        self.assertEqual((sides["dull"], sides["wonderful"]), other)
        self.assertEqual(self.one(".label[aria-pressed=true]").text, rows[0][0])

    def test_colour_the_words_for_the_label_that_is_chosen(self):
        self.classify("a wonderful film")
        side = "return document.querySelector('.text mark:nth-of-type(2)').className"
        self.assertEqual(self.browser.execute_script(side), "for")
        self.one(".label[aria-pressed=false]").click()
        self.wait(lambda: self.browser.execute_script(side) == "against")

    def test_are_as_many_as_the_lines(self):
        self.one("#lines").click()
        self.classify("a wonderful film\n\na dull, lifeless mess")
        self.assertEqual([item.text for item in self.all(".result > .text")], ["a wonderful film", "a dull, lifeless mess"])
        self.assertEqual([item.text for item in self.all(".scores li:first-child .label")], ["POSITIVE", "NEGATIVE"])

    def test_come_from_the_model_that_is_chosen(self):
        self.open("?model=nli")
        self.classify("a wonderful film")
        self.assertEqual({label.text for label in self.all(".label")}, {"contradiction", "neutral", "entailment"})

    def test_keep_markup_as_text(self):
        for text in ("<img src=x onerror=\"document.title='hit'\"> <b>bold</b>", "<script>document.title='hit'</script>", "&lt;i&gt;"):
            self.classify(text)
            self.assertEqual(self.content(".text"), text)
            self.assertEqual(self.all("#list img, #list b, #list script, #list i"), [])
        self.open("?text=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
        self.finished()
        self.assertEqual((self.content(".text"), self.browser.title), ("<img src=x onerror=alert(1)>", "Tastevin"))

    def test_an_empty_text_is_asked_for(self):
        self.one(".run").click()
        self.wait(lambda: "expected a text" in self.one("#error").text)
        self.assertEqual(self.browser.switch_to.active_element.get_attribute("id"), "text")


class Copies(PageTest):
    TEXT = "it's \"fine\", \\ $HOME `x` \u00fc \U0001f600"

    def test_ask_the_same_of_the_server(self):
        self.classify(self.TEXT)
        self.one("#copy").click()
        self.wait(lambda: self.one("#copy").text == "Copied")
        command = self.copied()
        self.assertEqual(command, self.content("#curl"))
        program, silent, address, data, body = shlex.split(command)
        self.assertEqual((program, silent, address, data), ("curl", "-s", self.server.url + "/v1/classify", "-d"))
        self.assertEqual(json.loads(body), {"model": "sst2", "inputs": [self.TEXT], "top_k": 0})
        [result] = self.post_ok("/v1/classify", body.encode())["results"]
        self.assertEqual(result["label"], self.one(".scores .label").text)

    def test_show_marks_that_would_turn_the_line_around(self):
        self.browser.execute_script("document.querySelector('#text').value = 'a\\u202eb\\u0007'; form.requestSubmit()")
        self.finished()
        self.assertIn("a\\u202eb\\u0007", self.content("#curl"))

    def test_of_long_texts_come_through_a_pipe(self):
        self.browser.execute_script("document.querySelector('#text').value = 'word '.repeat(8000); form.requestSubmit()")
        self.finished()
        words = shlex.split(self.content("#curl"))
        self.assertEqual(words[:2] + words[3:],
                         ["printf", "%s", "|", "curl", "-s", self.server.url + "/v1/classify", "--data-binary", "@-"])
        self.assertEqual(json.loads(words[2])["inputs"], ["word " * 8000])


class Keyboard(PageTest):
    def tab_to(self, selector):
        for _ in range(40):
            self.keys(Keys.TAB)
            if self.browser.switch_to.active_element == self.one(selector):
                return
        self.fail(selector + ": is not reached")

    def test_is_enough(self):
        self.tab_to("#text")
        self.assertNotEqual(self.one("#text").value_of_css_property("outline-style"), "none")
        self.keys("a wonderful film")
        ActionChains(self.browser).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
        self.finished()
        self.assertEqual(self.one(".label[aria-pressed=true]").text, "POSITIVE")
        self.tab_to("#copy")
        self.keys(Keys.SPACE)
        self.wait(lambda: self.one("#copy").text == "Copied")
        self.tab_to(".label[aria-pressed=false]")
        self.keys(Keys.ENTER)
        self.wait(lambda: self.one(".label[aria-pressed=true]").text == "NEGATIVE")

    def test_reaches_all_that_can_be_pressed(self):
        self.classify("a wonderful film")
        self.browser.execute_script("document.activeElement.blur(); window.getSelection().removeAllRanges()")
        reached = set()
        for _ in range(40):
            self.keys(Keys.TAB)
            reached.add(self.browser.switch_to.active_element)
        for element in self.all("a, select, textarea, summary, button, input[type=checkbox]"):
            if element.is_displayed():
                self.assertIn(element, reached, element.get_attribute("outerHTML"))


class Sight(PageTest):
    def looked_at(self, scheme, size):
        self.open(size=size, scheme=scheme)
        self.classify("a wonderful film, but a dull and lifeless end of_a_long_word_" + "x" * 80)

    def test_is_readable_in_light_and_dark(self):
        papers = []
        for scheme in ("light", "dark"):
            self.looked_at(scheme, WIDE)
            paper = self.one("body").value_of_css_property("background-color")
            papers.append(luminance(channels_of(paper)))
            for element in self.all("h1, h2, p, label, .label, .score, dt, dd .number, pre, button, mark, a, summary"):
                if not element.is_displayed() or not element.text.strip():
                    continue
                ink, behind = self.browser.execute_script("""
                  let behind = arguments[0];
                  const colour = (element) => getComputedStyle(element).backgroundColor;
                  while (behind && ["rgba(0, 0, 0, 0)", "transparent"].includes(colour(behind))) behind = behind.parentElement;
                  return [getComputedStyle(arguments[0]).color, behind ? colour(behind) : arguments[1]];""", element, paper)
                self.assertGreaterEqual(contrast(ink, behind), READABLE, f"{scheme}: {element.text}: {ink} on {behind}")
        self.assertGreater(papers[0], 0.9)
        self.assertLess(papers[1], 0.1)

    def test_fits_wide_and_narrow_windows(self):
        for size in (WIDE, NARROW):
            self.looked_at("light", size)
            width, inner = self.browser.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
            self.assertLessEqual(width, inner, size)
            top = self.browser.execute_script("return document.querySelector('#answer').getBoundingClientRect().top")
            self.assertTrue(0 <= top < size[1] / 2, (size, top))
        left = [self.one(selector).rect for selector in ("#form", "#results")]
        self.assertGreaterEqual(left[1]["y"], left[0]["y"] + left[0]["height"])  # narrow: one below the other


class ApiKeys(PageTest):
    def test_are_asked_for_where_the_server_wants_one(self):
        with tempfile.TemporaryDirectory() as folder:
            keys = Path(folder) / "keys"
            keys.write_text("a-key\n")
            server = Server("--model", f"sst2={SST2}", "--no-grpc", "--api-key-file", keys)
        self.addCleanup(server.stop)
        self.open(server=server)
        self.assertIn("a key is missing", self.one("#error").text)
        self.assertEqual(self.browser.switch_to.active_element.get_attribute("id"), "key")
        self.keys("a-key", Keys.TAB)
        self.wait(lambda: self.all("#model option"))
        self.classify("a wonderful film")
        self.assertEqual(self.one(".scores .label").text, "POSITIVE")
        self.assertIn('-H "Authorization: Bearer $API_KEY"', self.content("#curl"))
        self.assertNotIn("a-key", self.content("#curl"))


if __name__ == "__main__":
    unittest.main()
