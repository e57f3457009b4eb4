"""What the cache may keep, for whom, and for how long."""

from __future__ import annotations

import asyncio
import gzip

import brotli
import pytest

from kotinos.fastlane.pagecache import Answer, Page, PageCache, encoding_for, seconds_to_keep

PUBLIC = (b"cache-control", b"public, max-age=0, s-maxage=30")
HTML = (b"content-type", b"text/html; charset=utf-8")


def _answer(body: bytes = b"page", *headers: tuple[bytes, bytes]) -> Answer:
    return Answer(200, [HTML, *(headers or (PUBLIC,))], body)


class _Clock:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (_answer(), 30),
        (_answer(b"", (b"cache-control", b"private, no-store")), 0),
        (_answer(b"", (b"cache-control", b"public, max-age=60")), 0),
        (_answer(b"", PUBLIC, (b"set-cookie", b"a=b")), 0),
        (_answer(b"", PUBLIC, (b"vary", b"Cookie")), 0),
        (_answer(b"", PUBLIC, (b"vary", b"Accept-Encoding"), (b"vary", b"Cookie")), 0),
        (_answer(b"", PUBLIC, (b"vary", b"HX-Request, Accept-Encoding")), 30),
        (Answer(404, [PUBLIC], b""), 0),
    ],
)
def test_only_what_is_everybodys_is_kept(answer: Answer, seconds: int) -> None:
    assert seconds_to_keep(answer) == seconds


def test_a_page_is_kept_until_its_time_is_up() -> None:
    clock = _Clock()
    cache = PageCache(bytes_max=10_000, clock_s=clock)
    cache.keep(b"/en-jp/", _answer(), generation=0)
    clock.s = 29.9
    assert cache.get(b"/en-jp/") is not None
    clock.s = 30.0
    assert cache.get(b"/en-jp/") is None


def test_a_page_begun_before_a_change_is_not_kept() -> None:
    cache = PageCache(bytes_max=10_000, clock_s=_Clock())
    generation = cache.generation
    cache.empty()
    assert cache.keep(b"/en-jp/", _answer(), generation=generation) is None
    assert cache.get(b"/en-jp/") is None


def test_memory_is_bounded_and_the_least_asked_for_leaves_first() -> None:
    cache = PageCache(bytes_max=3 * (2 * 1000 + 1024), clock_s=_Clock())
    for key in (b"a", b"b", b"c"):
        cache.keep(key, _answer(b"x" * 1000), generation=0)
    cache.get(b"a")
    cache.keep(b"d", _answer(b"x" * 1000), generation=0)
    assert cache.get(b"b") is None
    assert cache.get(b"a") is not None


def test_many_who_ask_at_once_share_one_making() -> None:
    made = 0

    async def build() -> Answer:
        nonlocal made
        made += 1
        await asyncio.sleep(0.01)
        return _answer()

    async def go() -> list[Page | Answer]:
        cache = PageCache(bytes_max=10_000, clock_s=_Clock())
        return await asyncio.gather(*(cache.page(b"/", build) for _ in range(50)))

    answers = asyncio.run(go())
    assert made == 1
    assert all(isinstance(answer, Page) for answer in answers)


def test_a_personal_answer_goes_only_to_the_one_who_asked() -> None:
    async def go() -> list[Page | Answer]:
        cache = PageCache(bytes_max=10_000, clock_s=_Clock())

        def builder(name: bytes) -> object:
            async def build() -> Answer:
                await asyncio.sleep(0.001)
                return _answer(name, (b"cache-control", b"private"))

            return build

        calls = (cache.page(b"/en-jp/basket/", builder(b"%d" % n)) for n in range(20))  # type: ignore[arg-type]  # a closure of the right shape
        return await asyncio.gather(*calls)

    bodies = [answer.body for answer in asyncio.run(go()) if isinstance(answer, Answer)]
    assert bodies == [b"%d" % n for n in range(20)]


def test_a_making_that_fails_does_not_stop_the_next() -> None:
    async def go() -> Page | Answer:
        cache = PageCache(bytes_max=10_000, clock_s=_Clock())

        async def fail() -> Answer:
            raise ConnectionError

        async def build() -> Answer:
            return _answer()

        with pytest.raises(ConnectionError):
            await cache.page(b"/", fail)
        return await cache.page(b"/", build)

    assert isinstance(asyncio.run(go()), Page)


@pytest.mark.parametrize(
    ("accepted", "expected"), [(b"gzip, br", b"br"), (b"gzip", b"gzip"), (b"", b"")]
)
def test_every_encoding_holds_the_same_page(accepted: bytes, expected: bytes) -> None:
    page = PageCache(bytes_max=10_000, clock_s=_Clock()).keep(b"/", _answer(), generation=0)
    assert page is not None
    encoding = encoding_for(accepted, page.type)
    assert encoding == expected
    start, body = page.messages(encoding)
    unpack = {b"br": brotli.decompress, b"gzip": gzip.decompress, b"": bytes}[encoding]
    assert unpack(body["body"]) == b"page"
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()
