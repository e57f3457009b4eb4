"""`bin/kotinos shots`: every page of a running Kotinos on a few sheets, and the README's picture.

Phone and desktop, light and dark, English, Arabic and Chinese: anyone can look at all of it in a
minute. The pages that only a buyer sees (basket, checkout, payment, order) are reached by buying.
"""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import TimeoutError  # noqa: A004 - Playwright's own

from tests.browser.browser import DESKTOP, PHONE, chromium, reader
from tests.browser.pages import PLACES, Page, public_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from playwright.sync_api import Page as Tab

LANGUAGES = ("en", "ar", "zh-hans")
SCREENS = {"phone": PHONE, "desktop": DESKTOP}
TILE_WIDTH = {"phone": 260, "desktop": 480}
COLUMNS = {"phone": 8, "desktop": 5}
TALLEST = 1.9
"""A tile shows at most this many times its width: the rest of a long page repeats itself."""
TURN_MS_MAX = 10_000
GAP, LABEL = 16, 26
GROUND, INK = "#d9d6cc", "#14161a"
README_WIDTH = 1600
_TEXTS = {
    "name": "Amina Example",
    "line1": "1 Olive Street",
    "city": "Olympia",
    "region": "Olympia",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """One page as it looked."""

    name: str
    image: Image.Image


@click.command()
@click.option("--base", default="http://127.0.0.1:8000", show_default=True, help="A running site")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(".shots"))
@click.option("--readme", type=click.Path(dir_okay=False, path_type=Path), help="Write its picture")
@click.option("--quick", is_flag=True, help="Only English, light")
def shots(*, base: str, out: Path, readme: Path | None, quick: bool) -> None:
    """Take the contact sheets of every page."""
    out.mkdir(parents=True, exist_ok=True)
    base = base.rstrip("/")
    with chromium() as browser:
        for language in LANGUAGES[:1] if quick else LANGUAGES:
            pages = public_pages(base, PLACES[language])
            for scheme in ("light",) if quick else ("light", "dark"):
                for screen in SCREENS:
                    taken = take(
                        browser, base, pages, language=language, scheme=scheme, screen=screen
                    )
                    path = out / f"{language}-{scheme}-{screen}.png"
                    sheet(taken, screen).save(path)
                    click.echo(f"{path}: {len(taken)} pages")
        if readme is not None:
            readme_picture(browser, base).save(readme, quality=82, method=6)
            click.echo(str(readme))


def take(
    browser: Browser, base: str, pages: list[Page], *, language: str, scheme: str, screen: str
) -> list[Shot]:
    """Every page in one dress."""
    context = reader(browser, size=SCREENS[screen], dark=scheme == "dark")
    tab = context.new_page()
    taken = [_shot(tab, base + page.path, page.name) for page in pages]
    product = next((page for page in pages if page.name == "product cleared"), None)
    if product is not None:
        taken += bought(context, base, product, PLACES[language])
    line = next((page for page in pages if page.name == "line"), None)
    if line is not None:
        taken += let_in(context, base + line.path)
    context.close()
    return taken


def _shot(tab: Tab, address: str, name: str) -> Shot:
    tab.goto(address, wait_until="load")
    return _as_it_stands(tab, name)


def _as_it_stands(tab: Tab, name: str) -> Shot:
    """The whole page, after its lazy pictures have come."""
    height = int(tab.evaluate("document.documentElement.scrollHeight"))
    step = int(tab.evaluate("innerHeight"))
    for top in range(0, min(height, step * 4), step):
        tab.evaluate(f"scrollTo(0, {top})")
        tab.wait_for_timeout(60)
    tab.evaluate("scrollTo(0, 0)")
    tab.wait_for_load_state("networkidle")
    return Shot(name, Image.open(io.BytesIO(tab.screenshot(full_page=True))).convert("RGB"))


def bought(context: BrowserContext, base: str, product: Page, place: str) -> list[Shot]:
    """The pages that only a buyer sees, by buying one piece in the sandbox."""
    tab = context.new_page()
    tab.goto(base + product.path)
    tab.locator("form[data-add] button").first.click()
    tab.locator("[data-toast]").wait_for(state="visible")
    taken = [_shot(tab, f"{base}/{place}/basket/", "basket, filled")]
    taken.append(_shot(tab, f"{base}/{place}/checkout/", "checkout"))
    form = tab.locator("form.purchase")
    form.locator("button").last.click()
    tab.wait_for_load_state("load")
    taken.append(_as_it_stands(tab, "checkout, errors"))
    tab.goto(f"{base}/{place}/checkout/")
    fill(tab)
    tab.locator("form.purchase button").last.click()
    tab.wait_for_url("**/sandbox/pay/**")
    taken.append(_as_it_stands(tab, "payment"))
    approve(tab)
    tab.wait_for_url("**/order/**")
    taken.append(_as_it_stands(tab, "order"))
    return taken


def let_in(context: BrowserContext, line: str) -> list[Shot]:
    """What somebody sees whose turn has come; nothing where the drop is not open."""
    tab = context.new_page()
    tab.goto(line)
    with suppress(TimeoutError):
        tab.locator("[data-state=turn]").wait_for(timeout=TURN_MS_MAX)
        return [
            _as_it_stands(tab, "line, my turn"),
            _shot(tab, line.replace("/line/", "/buy/"), "drop, order form"),
        ]
    return []


def approve(tab: Tab) -> None:
    """Say yes on the sandbox's page."""
    choice = tab.locator("[name=choice][value=approve]")
    if choice.get_attribute("type") == "radio":
        choice.check()
        tab.locator("form button").last.click()
    else:
        choice.click()


def fill(tab: Tab) -> None:
    """Fill the checkout's required fields, whatever the country asks for."""
    tab.locator("[name=email]").fill("amina@example.org")
    for field in tab.locator("form.purchase :is(input, select)[required]").all():
        name = field.get_attribute("name") or ""
        if name == "email":
            continue
        if field.evaluate("node => node.tagName") == "SELECT":
            if not field.input_value():
                field.select_option(index=1)
        else:
            hint = tab.locator(f"#h-{name} bdi, #h-{name}")
            example = hint.first.inner_text().split()[-1] if hint.count() else "12345"
            field.fill(_TEXTS.get(name, example))


def sheet(taken: list[Shot], screen: str) -> Image.Image:
    """Tiles in rows, each with its name."""
    width, columns = TILE_WIDTH[screen], COLUMNS[screen]
    tiles = [(shot.name, _tile(shot.image, width)) for shot in taken]
    rows = [tiles[start : start + columns] for start in range(0, len(tiles), columns)]
    heights = [max(tile.height for _, tile in row) + LABEL + GAP for row in rows]
    page = Image.new("RGB", (GAP + columns * (width + GAP), GAP + sum(heights)), GROUND)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size=15)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for number, (name, tile) in enumerate(row):
            left = GAP + number * (width + GAP)
            draw.text((left, top), name, fill=INK, font=font)
            page.paste(tile, (left, top + LABEL))
        top += height
    return page


def _tile(image: Image.Image, width: int) -> Image.Image:
    cut = image.crop((0, 0, image.width, min(image.height, int(image.width * TALLEST))))
    return cut.resize((width, round(cut.height * width / cut.width)), Image.Resampling.LANCZOS)


def readme_picture(browser: Browser, base: str) -> Image.Image:
    """The home page on a desk, with a product in the hand and a refusal in the other."""
    pages = {page.name: page for page in public_pages(base, PLACES["en"])}
    arabic = {page.name: page for page in public_pages(base, PLACES["ar"])}
    home = _window(browser, base + pages["home"].path, DESKTOP, dark=False)
    hands = [
        _window(browser, base + found.path, PHONE, dark=dark)
        for found, dark in (
            (pages.get("product cleared", pages["shop"]), False),
            (arabic.get("product refused", arabic["shop"]), True),
        )
    ]
    picture = Image.new("RGB", (README_WIDTH, 900), GROUND)
    picture.paste(home.resize((1040, 650), Image.Resampling.LANCZOS), (40, 125))
    for number, hand in enumerate(hands):
        small = hand.resize((300, 649), Image.Resampling.LANCZOS)
        picture.paste(small, (960 + number * 320, 60 + number * 150))
    return picture


def _window(browser: Browser, address: str, size: tuple[int, int], *, dark: bool) -> Image.Image:
    context = reader(browser, size=size, dark=dark)
    tab = context.new_page()
    tab.goto(address, wait_until="networkidle")
    image = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
    context.close()
    return image
