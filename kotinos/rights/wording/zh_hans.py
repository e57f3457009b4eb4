"""Simplified Chinese."""

from __future__ import annotations

SENTENCES = {
    "until": "（至{day}）",
    "list": "、",
    "cleared": "{seller}可以在{territory}{act}本品{until}。",
    "no-grant": "{seller}没有{property}的许可。",
    "territory": "{seller}的{property}许可不包括{territory}。",
    "not-yet": "{seller}自{day}起可以在{territory}{act}本品。",
    "ended": "{seller}在{territory}的{property}许可已终止（{day}）。",
    "act": "{seller}持有{property}的许可，但不包括{act}。",
    "outlet": "{seller}可以{act}本品，但不能通过{outlet}。",
    "held-by-other": "在{territory}，只有{holder}可以{act}本品{until}。",
    "no-consent": "{committee}尚未同意带有{property}标志的商品进入{territory}。",
    "suspended": "{seller}的{property}许可已暂停{until}。",
    "quota-spent": "{property}许可所允许的{units}件已全部用完。",
    "delayed": "{seller}只能在活动结束{minutes}分钟后在{territory}{act}本品。",
    "prohibited": "{issuer}不允许{seller}在{territory}{act}本品{until}。",
    "parent-lost": "{seller}的{property}许可所依据的上级许可在此已不再有效。",
    "nothing-named": "问题未指明任何权利，因此无人许可。",
    "step-property-cleared": "{property}：已许可。",
    "step-property-refused": "{property}：未许可。",
    "step-grant": "{grantor}许可{grantee}{acts}：{property}，{territories}{until}。",
    "step-delay": "须在活动后等待{minutes}分钟。",
    "step-consent": "{committee}接受这些商品进入其本土；其分成为{share}%。",
    "step-law": "依法，在欧洲经济区一国销售的商品，区内各地均可购买。",
    "step-duty": "相应义务：{duty}。",
    "step-opens": "{day}开放。",
    "step-others": "目前在{territory}获得许可的有：{sellers}。",
}

ACTS = {
    "make": "生产",
    "sell": "销售",
    "ship": "寄送",
    "advertise": "宣传",
    "show/live": "直播",
    "show/delayed": "延时播出",
    "show/vod": "点播",
    "show/clip": "播出片段",
    "use-word": "使用该词",
    "sell/ticket": "销售门票",
    "sell/package": "销售套票",
    "resell/ticket": "转售门票",
}

OUTLETS = {
    "own-shop": "自有商店",
    "marketplace": "电商平台",
    "live-sale": "直播销售",
    "free-to-air": "免费电视",
    "pay": "付费电视",
    "internet": "互联网",
    "mobile": "移动网络",
    "reseller": "经销商",
}
