"""The words of a roster: what its headings and cells are called, and the parser of each column."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from registry.identity.domain import IdentityNumber, Phone
from registry.people.domain import Kind, Residence
from registry.taxonomies.domain import ListName, Taxonomies, Use, WrongCode, look_up
from registry.texts import LONGEST_LINE, LONGEST_NAME, PRINTED


class Column(StrEnum):
    """What we read, by the name that the clerk sees in a report."""

    NAME = "姓名"
    IDENTITY = "身份证号"
    PHONE = "电话"
    KIND = "人员类别"
    PARTY = "是否党员"
    RANK = "职级"
    TOWNSHIP = "乡镇街道"
    RESIDENCE = "城乡"
    ADDRESS = "住址"


HEADINGS: Mapping[str, Column] = {
    heading: column
    for column, headings in {
        Column.NAME: "姓名 名字 人员姓名",
        Column.IDENTITY: "身份证号 身份证号码 身份证 公民身份号码 公民身份证号码 证件号码",
        Column.PHONE: "电话 手机号 手机号码 手机 联系电话 联系方式 电话号码",
        Column.KIND: "人员类别 类别 人员类型 离退休类别",
        Column.PARTY: "是否党员 党员 是否中共党员 政治面貌",
        Column.RANK: "职级 职务级别 退休时职级 行政级别 级别",
        Column.TOWNSHIP: "乡镇街道 乡镇/街道 乡镇(街道) 乡镇 街道 所在乡镇 居住地 现居住地",
        Column.ADDRESS: "住址 家庭住址 详细地址 地址 家庭地址 现住址",
        Column.RESIDENCE: "城乡 城乡类别 城乡分类 居住地城乡",
    }.items()
    for heading in headings.split()
}
KINDS = {
    Kind.LIXIU: "离休 离休干部",
    Kind.TUIXIU: "退休 退休干部",
    Kind.ENTERPRISE: "企业退休 企业退休人员 企业退休干部 企业离退休党员 企业退休党员",
    Kind.MEMBER: "党员 普通党员 社区党员 非干部党员 党员（非干部） 党员(非干部)",
    Kind.STAFF: "工作人员 在职 在职人员",
}
PARTY = {True: "是 党员 中共党员 中共预备党员 √ Y y 1", False: "否 非党员 群众 × N n 0 无党派人士"}
RESIDENCES = {Residence.URBAN: "城 城区 城镇 城市 县城", Residence.RURAL: "乡 农村 乡村 村"}


def heading(text: str) -> str:
    text = re.sub(r"[\s*：:]", "", text)
    return text.replace("（", "(").replace("）", ")")


def parsers(known: Taxonomies, today: date) -> dict[Column, Callable[[str], Any]]:
    return {
        Column.NAME: _name,
        Column.IDENTITY: partial(IdentityNumber.parse, today=today),
        Column.PHONE: Phone.parse,
        Column.KIND: partial(_word, _spelled(KINDS), "人员类别应为：离休、退休、企业退休、党员（非干部）或工作人员。"),
        Column.PARTY: partial(_word, _spelled(PARTY), "是否党员应填“是”或“否”。"),
        Column.RESIDENCE: partial(_word, _spelled(RESIDENCES), "城乡应填“城区”或“农村”。"),
        Column.ADDRESS: _address,
        Column.RANK: partial(_code, known, ListName.RANK, today),
        Column.TOWNSHIP: partial(_code, known, ListName.TOWNSHIP, today),
    }


def _name(text: str) -> str:
    name = _printed(text)
    if len(name) > LONGEST_NAME or re.search(r"[0-9=+@<>]", name):
        raise ValueError("姓名中有数字或符号，或者太长，请核对是否填错了列。")
    return name if re.search(r"[A-Za-z]", name) else name.replace(" ", "")


def _address(text: str) -> str:
    address = _printed(text)
    if len(address) > LONGEST_LINE:
        raise ValueError(f"住址超过 {LONGEST_LINE} 个字，请缩短。")
    return address


def _printed(text: str) -> str:
    """One line of it: a cell may be broken into lines, and hold what nobody sees."""
    line = re.sub(r"\s+", " ", text)
    if not re.search(PRINTED, line):
        raise ValueError("这一格里有看不见的控制字符，请清空后重新填写。")
    return line


def _spelled(words: Mapping[Any, str]) -> dict[str, Any]:
    return {spelling: value for value, spellings in words.items() for spelling in spellings.split()}


def _word(words: Mapping[str, Any], sentence: str, text: str) -> object:
    if text not in words:
        raise ValueError(sentence)
    return words[text]


def _code(known: Taxonomies, name: ListName, today: date, text: str) -> str:
    """A code or its name in the county's list, as it holds today."""
    taxonomy = known.get(name)
    for entry in taxonomy.codes if taxonomy else ():
        if text in (entry.code, entry.name) and _holds(known, Use("", name, entry.code, today)):
            return entry.code
    raise ValueError("本县代码表中没有这个名称或代码，请核对写法，或先请管理员补充代码表。")


def _holds(known: Taxonomies, use: Use) -> bool:
    try:
        look_up(known, use)
    except WrongCode:
        return False
    return True
