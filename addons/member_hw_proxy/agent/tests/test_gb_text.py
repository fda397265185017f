"""Columns are bytes, and no character is ever halved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_hw_agent.drivers import gb_text

WIDTHS = st.integers(min_value=2, max_value=60)


def test_money_signs_are_the_chinese_one():
    assert gb_text.encode("¥5 ￥5") == bytes.fromhex("a3a435 20 a3a435")


def test_a_row_is_cut_before_the_character_that_does_not_fit():
    assert gb_text.fit("会员卡余额一二三四五六", 20) == "会员卡余额一二三四五".encode(
        "gb18030"
    )
    assert gb_text.fit("a会员卡余额一二三四五六", 20) == (
        "a会员卡余额一二三四 ".encode("gb18030")
    )


@pytest.mark.parametrize(
    ("align", "row"), [("left", "会    "), ("center", "  会  "), ("right", "    会")]
)
def test_a_row_is_padded_by_columns(align, row):
    assert gb_text.fit("会", 6, align) == row.encode("gb18030")


def test_what_no_device_shows_is_a_question_mark():
    assert gb_text.plain("😀 𠮷 ok") == "? ? ok"


def test_controls_are_dropped():
    assert gb_text.plain("a\x1bp\x00\n\x7f\u202eb") == "apb"


@given(st.text(), WIDTHS, st.sampled_from(["left", "center", "right"]))
def test_a_row_has_exactly_its_width_and_whole_characters(text, width, align):
    row = gb_text.fit(text, width, align)
    assert len(row) == width
    shown = row.decode("gb18030").strip(" ")
    assert gb_text.plain(text).strip(" ").startswith(shown)


@given(st.text(), WIDTHS)
def test_a_cut_is_as_long_as_it_can_be(text, width):
    kept = gb_text.cut(text, width)
    rest = gb_text.plain(text)[len(kept) :]
    assert gb_text.columns(kept) <= width
    assert not rest or gb_text.columns(kept + rest[0]) > width


@given(st.text(), WIDTHS)
def test_wrapping_loses_spaces_only(text, width):
    lines = gb_text.wrap(text, width)
    assert all(gb_text.columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == gb_text.plain(text).replace(" ", "")


def test_latin_words_are_kept_whole_and_chinese_is_not():
    assert gb_text.wrap("the quick brown", 9) == ["the quick", "brown"]
    assert gb_text.wrap("储值账户余额", 8) == ["储值账户", "余额"]
    assert gb_text.wrap("", 8) == [""]
