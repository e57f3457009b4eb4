"""What the demo's goods are called and how they are described, in the four languages.

Titles are put together so that no language has to bend a country's name: English and Chinese put
the name first, French and Arabic set it off by a dash. French descriptions take the form with its
article ("du Kenya") from `data/sellers.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "fr", "zh-hans", "ar")
Texts = dict[str, str]


def _texts(en: str, fr: str, zh: str, ar: str) -> Texts:
    return {"en": en, "fr": fr, "zh-hans": zh, "ar": ar}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of goods: its name, what it is made of, its price and its sizes."""

    name: Texts
    made: Texts
    price_eur_minor: int
    weight_grams: int
    sizes: tuple[str, ...] = ()
    size_option: str = "Size"


_BODY = ("S", "M", "L", "XL", "XXL")
KINDS: dict[str, Kind] = {
    "jersey": Kind(
        _texts("jersey", "maillot", "球衣", "قميص المباريات"),
        _texts(
            "Light recycled polyester that dries fast, with flat seams and a ribbed collar.",
            "Polyester recyclé léger à séchage rapide, coutures plates et col côtelé.",
            "轻薄再生聚酯面料，快干透气，平缝工艺，罗纹领口。",
            "بوليستر خفيف معاد التدوير سريع الجفاف، بدرزات مسطحة وياقة مضلعة.",
        ),
        7900, 210, _BODY,
    ),
    "t-shirt": Kind(
        _texts("T-shirt", "t-shirt", "T恤", "قميص قطني"),
        _texts(
            "Organic cotton of 190 grams, cut straight, printed by hand in small runs.",
            "Coton biologique de 190 grammes, coupe droite, sérigraphié à la main en petites séries.",
            "190克有机棉，直筒剪裁，小批量手工丝网印制。",
            "قطن عضوي بوزن 190 غرامًا، بقصة مستقيمة وطباعة يدوية بكميات محدودة.",
        ),
        3200, 190, _BODY,
    ),
    "hoodie": Kind(
        _texts("hoodie", "sweat à capuche", "连帽卫衣", "سترة بقلنسوة"),
        _texts(
            "Brushed organic cotton with a lined hood, a wide pocket and ribbed cuffs.",
            "Coton biologique gratté, capuche doublée, grande poche et poignets côtelés.",
            "抓绒有机棉，双层帽兜，大口袋，罗纹袖口。",
            "قطن عضوي ناعم، بقلنسوة مبطنة وجيب واسع وأساور مضلعة.",
        ),
        6900, 520, _BODY,
    ),
    "cap": Kind(
        _texts("cap", "casquette", "棒球帽", "قبعة رياضية"),
        _texts(
            "Six panels of cotton twill, an embroidered crest and a strap that fits every head.",
            "Six panneaux en sergé de coton, écusson brodé et patte réglable pour toutes les têtes.",
            "六片式棉斜纹帽身，刺绣徽标，可调节后带，适合各种头围。",
            "ست قطع من القطن المنسوج، بشعار مطرز وشريط قابل للتعديل يناسب الجميع.",
        ),
        2600, 95,
    ),
    "beanie": Kind(
        _texts("bobble hat", "bonnet à pompon", "绒球毛线帽", "قبعة صوفية"),
        _texts(
            "Knitted from merino wool, with a turned-up edge and a woven label.",
            "Tricoté en laine mérinos, avec revers et étiquette tissée.",
            "美利奴羊毛针织，翻边设计，配织标。",
            "محبوكة من صوف المارينو، بحافة مثنية وعلامة منسوجة.",
        ),
        2900, 120,
    ),
    "scarf": Kind(
        _texts("scarf", "écharpe", "围巾", "وشاح"),
        _texts(
            "Jacquard-knitted on both sides, 160 centimetres long, with a fringe tied by hand.",
            "Maille jacquard réversible, 160 centimètres de long, franges nouées à la main.",
            "双面提花针织，长160厘米，手工打结流苏。",
            "محبوك بالجاكار من الجهتين، طوله 160 سنتيمترًا، بأهداب معقودة يدويًا.",
        ),
        2400, 180,
    ),
    "socks": Kind(
        _texts("socks", "chaussettes", "运动袜", "جوارب"),
        _texts(
            "Combed cotton with a cushioned sole and a crest at the calf.",
            "Coton peigné, semelle bouclette et écusson au mollet.",
            "精梳棉，加厚毛圈袜底，小腿处饰有徽标。",
            "قطن ممشط بنعل مبطن وشعار عند الساق.",
        ),
        1400, 70, ("36-39", "40-43", "44-47"),
    ),
    "pin": Kind(
        _texts("pin", "pin’s", "徽章", "دبوس معدني"),
        _texts(
            "Hard enamel on polished metal, on a printed card ready for trading.",
            "Émail dur sur métal poli, sur carte imprimée, prêt à être échangé.",
            "硬珐琅抛光金属，附印制底卡，可供收藏交换。",
            "مينا صلبة على معدن مصقول، على بطاقة مطبوعة جاهزة للتبادل.",
        ),
        900, 25,
    ),
    "plush": Kind(
        _texts("plush toy", "peluche", "毛绒玩具", "دمية محشوة"),
        _texts(
            "Elio the little owl, 28 centimetres tall, filled with recycled fibre; from birth on.",
            "Elio la petite chouette, 28 centimètres, rembourrée de fibres recyclées ; dès la naissance.",
            "小鸮埃利奥，高28厘米，再生纤维填充，适合各年龄段。",
            "البومة الصغيرة إيليو، بطول 28 سنتيمترًا، محشوة بألياف معاد تدويرها ومناسبة لجميع الأعمار.",
        ),
        2800, 260,
    ),
    "poster": Kind(
        _texts("art print", "affiche d’art", "艺术海报", "ملصق فني"),
        _texts(
            "Screen print in four inks on 250-gram paper, 50 by 70 centimetres.",
            "Sérigraphie en quatre encres sur papier de 250 grammes, 50 sur 70 centimètres.",
            "四色丝网印刷，250克艺术纸，50×70厘米。",
            "طباعة حريرية بأربعة ألوان على ورق بوزن 250 غرامًا، مقاس 50 في 70 سنتيمترًا.",
        ),
        3400, 320, ("Print", "Framed"), "Format",
    ),
    "mug": Kind(
        _texts("mug", "mug", "马克杯", "كوب"),
        _texts(
            "Stoneware for 350 millilitres, glazed by hand; goes into the dishwasher.",
            "Grès de 350 millilitres, émaillé à la main ; passe au lave-vaisselle.",
            "350毫升炻瓷，手工上釉，可用洗碗机清洗。",
            "خزف حجري بسعة 350 مليلترًا، مزجج يدويًا ويُغسل في غسالة الصحون.",
        ),
        1600, 380,
    ),
    "bottle": Kind(
        _texts("steel bottle", "gourde en acier", "不锈钢水壶", "قارورة فولاذية"),
        _texts(
            "Double-walled steel for 600 millilitres: cold for a day, hot for half of one.",
            "Acier à double paroi, 600 millilitres : froid un jour, chaud une demi-journée.",
            "600毫升双层不锈钢，保冷一天，保温半天。",
            "فولاذ مزدوج الجدار بسعة 600 مليلتر: يحفظ البرودة يومًا كاملًا والحرارة نصف يوم.",
        ),
        2700, 340,
    ),
    "tote": Kind(
        _texts("tote bag", "sac en toile", "帆布包", "حقيبة قماشية"),
        _texts(
            "Heavy cotton canvas with long handles and a flat base.",
            "Toile de coton épaisse, longues anses et fond plat.",
            "厚实棉帆布，长提带，平底设计。",
            "قماش قطني متين بمقابض طويلة وقاعدة مسطحة.",
        ),
        1900, 210,
    ),
    "keyring": Kind(
        _texts("key ring", "porte-clés", "钥匙扣", "حلقة مفاتيح"),
        _texts(
            "Enamelled metal on a steel chain.",
            "Métal émaillé sur chaînette en acier.",
            "珐琅金属吊坠，配钢制链条。",
            "معدن مطلي بالمينا مع سلسلة فولاذية.",
        ),
        1100, 40,
    ),
    "flag": Kind(
        _texts("flag", "drapeau", "旗帜", "علم"),
        _texts(
            "Woven polyester, 90 by 60 centimetres, on a wooden pole.",
            "Polyester tissé, 90 sur 60 centimètres, sur hampe en bois.",
            "聚酯织物，90×60厘米，配木旗杆。",
            "نسيج بوليستر، 90 في 60 سنتيمترًا، على سارية خشبية.",
        ),
        1500, 160,
    ),
}  # fmt: skip

SPORTS: dict[str, Texts] = {
    "archery": _texts("archery", "tir à l’arc", "射箭", "القوس والسهم"),
    "athletics": _texts("athletics", "athlétisme", "田径", "ألعاب القوى"),
    "basketball": _texts("basketball", "basketball", "篮球", "كرة السلة"),
    "climbing": _texts("climbing", "escalade", "攀岩", "التسلق"),
    "cycling": _texts("cycling", "cyclisme", "自行车", "الدراجات"),
    "football": _texts("football", "football", "足球", "كرة القدم"),
    "gymnastics": _texts("gymnastics", "gymnastique", "体操", "الجمباز"),
    "judo": _texts("judo", "judo", "柔道", "الجودو"),
    "rowing": _texts("rowing", "aviron", "赛艇", "التجديف"),
    "sailing": _texts("sailing", "voile", "帆船", "الشراع"),
    "skateboarding": _texts("skateboarding", "skateboard", "滑板", "التزلج على اللوح"),
    "swimming": _texts("swimming", "natation", "游泳", "السباحة"),
    "table-tennis": _texts("table tennis", "tennis de table", "乒乓球", "كرة الطاولة"),
    "tennis": _texts("tennis", "tennis", "网球", "التنس"),
    "volleyball": _texts("volleyball", "volley-ball", "排球", "الكرة الطائرة"),
    "weightlifting": _texts("weightlifting", "haltérophilie", "举重", "رفع الأثقال"),
}

COLLECTIONS: dict[str, Texts] = {
    "home-kit": _texts("Home Kit", "Tenue domicile", "主场系列", "الطقم الأساسي"),
    "away-kit": _texts("Away Kit", "Tenue extérieur", "客场系列", "الطقم الاحتياطي"),
    "supporters": _texts("Supporters", "Supporters", "助威系列", "المشجعون"),
    "heritage": _texts("Heritage", "Héritage", "传承系列", "التراث"),
    "night": _texts("Night", "Nuit", "夜色系列", "الليل"),
    "podium": _texts("Podium", "Podium", "领奖台系列", "المنصة"),
    "elio": _texts("Elio", "Elio", "埃利奥系列", "إيليو"),
    "pictograms": _texts("Pictograms", "Pictogrammes", "体育图标系列", "رموز الرياضات"),
    "grove": _texts("Olive Grove", "Oliveraie", "橄榄园系列", "بستان الزيتون"),
}
STORIES: dict[str, Texts] = {
    "home-kit": _texts(
        "Worn at home, by the team and by everyone who sings for it.",
        "Portée à domicile, par l’équipe et par tous ceux qui chantent pour elle.",
        "主场之选：与队伍同穿，与歌声同在。",
        "يُرتدى على أرض الفريق، من اللاعبين ومن كل من يهتف لهم.",
    ),
    "away-kit": _texts(
        "The colours reversed, for the days far from home.",
        "Les couleurs inversées, pour les jours loin de chez soi.",
        "反转配色，陪伴每一次远征。",
        "الألوان معكوسة، لأيام اللعب بعيدًا عن الديار.",
    ),
    "supporters": _texts(
        "Made for the stands, the street and the sofa.",
        "Pensé pour les tribunes, la rue et le canapé.",
        "为看台、街头和客厅而生。",
        "صُنع للمدرجات وللشارع وللبيت.",
    ),
    "heritage": _texts(
        "A quiet piece in the tones of old programmes and wooden stands.",
        "Une pièce sobre, dans les tons des vieux programmes et des gradins de bois.",
        "低调之作，取色于老节目单与木看台。",
        "قطعة هادئة بألوان برامج المباريات القديمة والمدرجات الخشبية.",
    ),
    "night": _texts(
        "For finals under floodlights.",
        "Pour les finales sous les projecteurs.",
        "献给灯光下的决赛之夜。",
        "لمباريات النهائي تحت الأضواء.",
    ),
    "podium": _texts(
        "With the team's crest and the emblem of Kotinos 2030 side by side.",
        "L’écusson de l’équipe et l’emblème de Kotinos 2030 côte à côte.",
        "队徽与Kotinos 2030会徽并列呈现。",
        "شعار الفريق إلى جانب شعار كوتينوس 2030.",
    ),
    "elio": _texts(
        "Elio lives in the olive groves of Elaia and has never missed a start.",
        "Elio vit dans les oliveraies d’Elaia et n’a jamais manqué un départ.",
        "埃利奥住在埃莱亚的橄榄园里，从不错过任何一场开赛。",
        "يعيش إيليو في بساتين الزيتون في إيلايا ولم تفته بداية سباق قط.",
    ),
    "pictograms": _texts(
        "One athlete drawn in one stroke, as on the signs of the Games.",
        "Un athlète en un seul trait, comme sur les panneaux des Jeux.",
        "一笔勾勒一位运动员，与赛会标识同源。",
        "رياضي مرسوم بخط واحد، كما على لافتات الألعاب.",
    ),
    "grove": _texts(
        "Seven olive leaves rise over the sea of Elaia: the emblem of Kotinos 2030.",
        "Sept feuilles d’olivier se lèvent sur la mer d’Elaia : l’emblème de Kotinos 2030.",
        "七片橄榄叶自埃莱亚海面升起，这就是Kotinos 2030的会徽。",
        "سبع أوراق زيتون ترتفع فوق بحر إيلايا: إنه شعار كوتينوس 2030.",
    ),
}
GAMES = _texts("Kotinos 2030", "Kotinos 2030", "Kotinos 2030", "كوتينوس 2030")
SIZE_OPTIONS = {"Size": _texts("Size", "Taille", "尺码", "المقاس")}


def capital(text: str) -> str:
    """Raise the first letter only: `str.capitalize` would lower the T of a T-shirt."""
    return text[:1].upper() + text[1:]
