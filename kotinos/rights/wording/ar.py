"""Arabic. Acts are verbal nouns, so that one form fits every sentence."""

from __future__ import annotations

SENTENCES = {
    "until": " حتى {day}",
    "list": "، ",
    "cleared": "يحق لـ {seller} {act} هذا في {territory}{until}.",
    "no-grant": "لا يملك {seller} ترخيصًا لـ {property}.",
    "territory": "ترخيص {seller} لـ {property} لا يشمل {territory}.",
    "not-yet": "يحق لـ {seller} {act} هذا في {territory} ابتداءً من {day}.",
    "ended": "انتهى ترخيص {seller} لـ {property} في {territory} ({day}).",
    "act": "يملك {seller} ترخيصًا لـ {property}، لكنه لا يشمل {act}.",
    "outlet": "يحق لـ {seller} {act} هذا، ولكن ليس عبر {outlet}.",
    "held-by-other": "لا يحق إلا لـ {holder} {act} هذا في {territory}{until}.",
    "no-consent": "لم توافق {committee} على دخول منتجات تحمل شعار {property} إلى {territory}.",
    "suspended": "ترخيص {seller} لـ {property} موقوف{until}.",
    "quota-spent": "استُنفدت الوحدات التي يسمح بها ترخيص {property} وعددها {units}.",
    "delayed": "لا يحق لـ {seller} {act} هذا في {territory} إلا بعد {minutes} دقيقة من الحدث.",
    "prohibited": "لا تسمح {issuer} لـ {seller} بـ{act} هذا في {territory}{until}.",
    "parent-lost": "يستند ترخيص {seller} لـ {property} إلى ترخيص لم يعد ساريًا هنا.",
    "nothing-named": "لا يذكر السؤال أي حق، لذا لم يأذن به أحد.",
    "step-property-cleared": "{property}: مسموح.",
    "step-property-refused": "{property}: مرفوض.",
    "step-grant": "تسمح {grantor} لـ {grantee} بـ{acts}: {property}، {territories}{until}.",
    "step-delay": "يشترط مرور {minutes} دقيقة بعد الحدث.",
    "step-consent": "تقبل {committee} هذه المنتجات في أراضيها؛ وحصتها {share}٪.",
    "step-law": "بموجب القانون، ما يباع في بلد من المنطقة الاقتصادية الأوروبية يُشترى من جميعها.",
    "step-duty": "الالتزام المترتب: {duty}.",
    "step-opens": "يُفتح في {day}.",
    "step-others": "المسموح لهم اليوم في {territory}: {sellers}.",
}

ACTS = {
    "make": "تصنيع",
    "sell": "بيع",
    "ship": "شحن",
    "advertise": "الإعلان عن",
    "show/live": "بث مباشر لـ",
    "show/delayed": "بث مؤجل لـ",
    "show/vod": "عرض حسب الطلب لـ",
    "show/clip": "عرض مقاطع من",
    "use-word": "استخدام كلمة",
    "sell/ticket": "بيع تذاكر",
    "sell/package": "بيع باقات",
    "resell/ticket": "إعادة بيع تذاكر",
}

OUTLETS = {
    "own-shop": "متجره الخاص",
    "marketplace": "سوق إلكترونية",
    "live-sale": "البيع المباشر",
    "free-to-air": "التلفزيون المجاني",
    "pay": "التلفزيون المدفوع",
    "internet": "الإنترنت",
    "mobile": "شبكات الهاتف المحمول",
    "reseller": "الموزعين",
}
