"""What the rules listen for in each language: data. A language without an entry is spared the rules that need one.

Every entry is a regular expression, searched with case ignored. Rather too few words than too many: a false alarm
costs an author more than a miss.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from primer_anki.value import Value


class Vocabulary(Value, frozen=True):
    """The words of one language. Empty: the rule that needs them is silent."""

    closed: str = ""
    """The last sentence of a question that takes yes or no; anchored at its start or end."""
    yes: str = ""
    """The start of an answer that is yes or no, with a group `more` for what follows."""
    either: str = ""
    """A choice inside a question: groups `one` and `other`."""
    order: str = ""
    """The start of a question in the imperative."""
    several: str = ""
    """A question that asks for two things."""
    open: str = ""
    """The start of an order to talk at length."""
    away: str = ""
    """Words that point out of the card."""
    this: str = ""
    """The start of a question about something that it does not name."""
    dated: str = ""
    """Words that grow old: a year belongs to them."""
    measure: str = ""
    """A question whose answer is a number with a unit."""
    small: frozenset[str] = frozenset()
    """Further words that carry no meaning of their own."""
    telling: frozenset[str] = frozenset()
    """Small words that tell two questions apart after all."""
    signs: Mapping[str, frozenset[str]] = MappingProxyType({})
    """By the name of an entry: what it finds holds one of these, in lower case. They are looked for first, in a tenth
    of the time."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLAIN = Vocabulary()

_EN = Vocabulary(
    closed=(
        r"\Atrue\sor\sfalse\b|\A(?:(?:and|but|so|then|or|in general|for \w+),? )?"
        r"(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|may|might|must"
        r"|isn['’]t|aren['’]t|don['’]t|doesn['’]t|can['’]t|won['’]t|shouldn['’]t)\s"
        r"(?!(?:you|we|i|anyone)\s(?:please\s)?(?:explain|describe|tell|name|list|give|think of|write|show|define))"
        r".*[?？]\s*\Z"
    ),
    yes=r"\A(?:yes|no|nope|true|false|correct|incorrect|right|wrong)(?![\w-])\W*(?P<more>.*)",
    either=(
        r"\A(?:(?:is|are|was|do|does|did|can|should|would|will|has|have)\s|.*\b(?:which|what|who|whether)\b)"
        r".*?(?P<one>[\w/.+-]+),?\s(?:or|versus|vs\.?)\s(?:an?\s|the\s|to\s|by\s|in\s|on\s|at\s)?"
        r"(?P<other>[\w/.+-]+)[^,?]{0,25}\?"
    ),
    order=(
        r"\A(?:please\s)?(?:cite|name|list|give|state|find|fill|complete|choose|select|pick|sort|rank|convert|compute"
        r"|calculate|estimate|design|draw|translate|spell|expand|recall|prove|show|put|match|write|order|demonstrate|specify"
        r"|fix|solve|determine|identify|provide|mention|enumerate|arrange|simplify|implement)\s"
    ),
    several=(
        r"\b(?:and|,)\s(?:\w+\s)?(?:what|why|how|which|when|who|whom|where)\b|\b(?:two|both|each|differ\w*|versus)\b"
        r"|\bvs\b|\b(?:what|which)\sare\b"
    ),
    open=(
        r"\A(?:please\s)?(?:explain|describe|discuss|elaborate|talk\s(?:me\s)?(?:about|through)|tell\s(?:me|us)\sabout"
        r"|walk\s(?:me|us)\sthrough|comment\son|(?:can|could|would)\syou\s(?:please\s)?(?:explain|describe|discuss))\b"
        r"(?!\s(?:plan|analyze))"
    ),
    away=(
        r"\bin\sthis\s(?:section|chapter|article|post|guide|tutorial|book|course|video|document|lesson|unit)\b"
        r"|\b(?:mentioned|shown|seen|described|discussed|listed|explained|defined|given|stated|noted)\s"
        r"(?:above|below|earlier|before|previously)\b"
        r"|\b(?:the|this)\s(?:above|below|preceding|aforementioned)\s[a-z]"
        r"|\b(?:figure|diagram|table|picture|image|graph|chart|code|example|snippet|list|section)s?\s(?:above|below)\b"
        r"|\b(?:the\s)?following\b[^.?!:]{0,80}:?\s*\Z|\bsee\s(?:above|below)\b"
    ),
    this=(
        r"\A(?:and\s|so\s|but\s)?(?:what|why|how|when|where|who|which)?\s?(?:\w+\s){0,1}"
        r"(?:is|are|does|do|did|can|could|should|would|will|was|were|has|have)\s(?:not\s)?"
        r"(?:this|these|those)\b(?!\s(?:days?|two|three|four|five)\b)"
    ),
    dated=(
        r"\b(?:nowadays|these\sdays|as\sof\s(?:now|today|this\swriting)|at\s(?:the\stime\sof|this)\swriting"
        r"|state[\s-]of[\s-]the[\s-]art|at\spresent)\b"
        r"|(?:^|[.!?:]\s)(?:currently|today|recently),\s"
        r"|\b(?:currently|presently)\s(?:the|supports?|offers?|costs?|used\sby|available|in\suse)\b"
        r"|\b(?:latest|newest|current|most\srecent)\s(?:stable\s|major\s|lts\s){0,2}(?:release|edition"
        r"|version\s(?:is|of\s(?-i:[A-Z])|\d))"
    ),
    measure=(
        r"\bhow\s(?:long|fast|slow|large|big|much|far|wide|heavy|high)\b"
        r"|\b(?:latency|throughput|bandwidth|duration|delay|response\stime|capacity|distance|storage|file\ssize"
        r"|timeout|round[\s-]trip(?:\stime)?)\b[^?]{0,25}\?"
    ),
    small=_words(
        "a an and any as at be been being by can could do does did for had has have i if in into is it its itself may "
        "might must my of on one or our own shall should so some such than that the their them then there these they "
        "this those to too was we were will with would you your also just only very whose each both"
    ),
    telling=_words("not no how what when why which who where what's without between if more"),
    signs={
        "either": _words("or versus vs"),
        "several": _words("what why how which when who where two both each differ versus vs"),
        "away": _words("this above below earlier before previously preceding aforementioned following"),
        "dated": _words("now today writing state present current recent latest newest days"),
        "measure": _words(
            "how latency throughput bandwidth duration delay time capacity distance storage size timeout trip"
        ),
    },
)

_DE = Vocabulary(
    closed=r"\A(?:ist|sind|war|waren|kann|können|darf|muss|müssen|soll|sollte|hat|haben|wird|werden|gibt)\s.*[?？]\s*\Z",
    yes=r"\A(?:ja|nein|richtig|falsch|wahr)(?!\w)\W*(?P<more>.*)",
    either=(
        r"\A(?:(?:ist|sind|kann|hat|wird)\s|.*\b(?:welche[rsmn]?|was|wer)\b)"
        r".*?(?P<one>[\w/.+-]+),?\soder\s(?:ein(?:e[nmrs]?)?\s|d(?:er|ie|as)\s)?(?P<other>[\w/.+-]+)[^,?]{0,25}\?"
    ),
    open=(
        r"\A(?:bitte\s)?(?:erklären?(?:\sSie)?|erkläre|beschreiben?(?:\sSie)?|erläutern?(?:\sSie)?|erläutere"
        r"|diskutieren?(?:\sSie)?|erzählen?(?:\sSie)?)\b"
    ),
    away=(
        r"\bin\sdiese[mr]\s(?:Abschnitt|Kapitel|Artikel|Beitrag|Buch|Kurs|Dokument)\b|\bsiehe\s(?:oben|unten)\b"
        r"|\b(?:oben|unten)\s(?:erwähnt|gezeigt|genannt|beschrieben|dargestellt|aufgeführt)"
        r"|\b(?:die|das|der|den)\s(?:obige|untenstehende|obenstehende)[nmrs]?\b"
    ),
    this=r"\A(?:was|warum|wie|wann|wo)\s(?:ist|sind|macht|funktioniert|bedeutet)\s(?:dies|diese[rsmn]?|das hier)\b",
    dated=r"\b(?:heutzutage|derzeit|gegenwärtig|zurzeit|zum\sjetzigen\sZeitpunkt|Stand\sder\sTechnik)\b",
    measure=r"\bwie\s(?:lange|schnell|groß|viel|weit|hoch|schwer)\b|\b(?:Latenz|Durchsatz|Bandbreite)\b[^?]{0,25}\?",
    telling=_words("nicht wie was wann warum welche welcher welches wer wo kein keine"),
)

_FR = Vocabulary(
    closed=r"\A(?:est-ce\squ['’e]|est-il|est-elle|peut-on|doit-on|faut-il|existe-t-il|y\sa-t-il)\s?.*[?？]\s*\Z",
    yes=r"\A(?:oui|non|vrai|faux)(?!\w)\W*(?P<more>.*)",
    open=r"\A(?:expliquez|explique|expliquer|décrivez|décris|décrire|discutez|commentez|parlez|présentez)\b",
    away=(
        r"\bdans\s(?:cette\s(?:section|partie|leçon)|ce\s(?:chapitre|cours|document|livre)|cet\sarticle)\b"
        r"|\bvoir\s(?:ci-dessus|ci-dessous|plus\s(?:haut|bas))\b|\bci-(?:dessus|dessous)\b|\bsuivant(?:e?s)\s?:?\s*\Z"
    ),
    this=r"\A(?:pourquoi|comment|quand|où)\s(?:ceci|cela|ça)\b",
    dated=r"\b(?:de\snos\sjours|aujourd['’]hui|à\sl['’]heure\sactuelle|état\sde\sl['’]art)\b",
    measure=r"\bcombien\sde\s(?:temps|place|mémoire)\b|\b(?:latence|débit|bande\spassante)\b[^?]{0,25}\?",
    telling=_words("pas ne comment quand pourquoi où qui quel quelle quels quelles que quoi sans"),
)

_ES = Vocabulary(
    closed=r"\A¿?(?:es\sposible|se\spuede|puede|pueden|es\snecesario|existe|hay)\s.*[?？]\s*\Z",
    yes=r"\A(?:sí|no|verdadero|falso|cierto)(?!\w)(?!\s\w)\W*(?P<more>.*)",
    open=r"\A(?:explica|explique|explicar|describe|describa|describir|discute|comenta|comente|cuéntame)\b",
    away=(
        r"\ben\s(?:esta\s(?:sección|lección|guía)|este\s(?:capítulo|artículo|curso|documento|libro|apartado))\b"
        r"|\b(?:mencionad|mostrad|descrit|vist)[oa]s?\s(?:arriba|abajo|anteriormente|antes)\b"
        r"|\bver\s(?:arriba|abajo|más\s(?:arriba|abajo))\b|\b(?:las|los)\ssiguientes\s?:?\s*\Z"
    ),
    this=r"\A¿?(?:qué|por\squé|cómo|cuándo|dónde)\s(?:es|son|hace|funciona|significa)\s(?:esto|eso)\b",
    dated=r"\b(?:hoy\sen\sdía|actualmente|en\sla\sactualidad|estado\sdel\sarte)\b",
    measure=r"\bcuánt[oa]\s(?:tiempo|tarda|espacio|memoria|ocupa|dura)\b|\b(?:latencia|ancho\sde\sbanda)\b[^?]{0,25}\?",
    telling=_words("no qué cómo cuándo dónde quién cuál cuáles por para sin"),
)

_PT = Vocabulary(
    closed=r"\A(?:é\spossível|pode-se|podemos|pode|podem|existe|há|deve-se)\s.*[?？]\s*\Z",
    yes=r"\A(?:sim|não|verdadeiro|falso|certo|errado)(?!\w)(?!\s\w)\W*(?P<more>.*)",
    open=r"\A(?:explique|explica|explicar|descreva|descreve|descrever|discuta|comente|fale\ssobre)\b",
    away=(
        r"\bn(?:esta\s(?:seção|secção|aula|lição)|este\s(?:capítulo|artigo|curso|documento|livro))\b"
        r"|\b(?:mencionad|mostrad|descrit|vist)[oa]s?\s(?:acima|abaixo|anteriormente|antes)\b"
        r"|\bver\s(?:acima|abaixo)\b|\b(?:as|os)\sseguintes\s?:?\s*\Z"
    ),
    this=r"\A(?:o\sque|por\sque|como|quando|onde)\s(?:é|são|faz|funciona|significa)\s(?:isto|isso)\b",
    dated=r"\b(?:hoje\sem\sdia|atualmente|na\satualidade|estado\sda\sarte)\b",
    measure=r"\bquanto\s(?:tempo|custa|ocupa|dura|espaço)\b|\b(?:latência|largura\sde\sbanda)\b[^?]{0,25}\?",
    telling=_words("não que qual quais como quando onde quem por para sem"),
)

_JA = Vocabulary(
    closed=r"(?:ですか|ますか|でしょうか|ませんか|できるか|あるか|必要か|べきか)[?？。]?\s*\Z",
    yes=r"\A(?:はい|いいえ|正しい|誤り|可能|不可能)(?=[。、,.!\s]|\Z)[。、,.!\s]*(?P<more>.*)",
    open=r"について(?:詳しく)?(?:説明|議論|論じ|述べ)|(?:を|は)(?:詳しく)?説明(?:して(?:ください|下さい)|せよ|しなさい)",
    away=r"この(?:章|節|記事|セクション|講座|本)で|(?:上記|下記|前述|後述)の|以下の(?:通り|とおり)[。:：]?\s*\Z",
    this=r"\A(?:これ|この(?:コード|図|表)|それ)(?:は|が|を|の)",
    dated=r"現時点|現在のところ|近年",
    measure=r"どれ(?:くらい|ぐらい|ほど)(?:の時間|の大きさ)|何秒かか",
)
_ZH_HANS = Vocabulary(
    closed=r"(?:吗|是否[^,。,]{0,20}|能否[^,。,]{0,20}|是不是[^,。,]{0,20})[?？。]?\s*\Z",
    yes=r"\A(?:是的?|不是|对|不对|错误?|正确|可以|不可以|能|不能|会|不会)(?=[。,,.!\s]|\Z)[。,,.!\s]*(?P<more>.*)",
    open=r"\A请?(?:谈一?谈|说一?说|讲一?讲|聊一?聊|论述|详细(?:说明|描述|介绍))",
    away=r"(?:本|这一?)(?:章|节|文|课|篇文章)(?:中|里|将|介绍)|(?:如上|如下|上述|下述)(?:图|表|所示)|以下几?[点种个][:：]?\s*\Z",
    this=r"\A(?:这|这个|这段代码|那)(?:是|为|有|会)",
    dated=r"目前为止|现如今|近年来",
    measure=r"多(?:长时间|少时间|快|大)|需要多久",
)
_ZH_HANT = Vocabulary(
    closed=r"(?:嗎|是否[^,。,]{0,20}|能否[^,。,]{0,20}|是不是[^,。,]{0,20})[?？。]?\s*\Z",
    yes=r"\A(?:是的?|不是|對|不對|錯誤?|正確|可以|不可以|能|不能|會|不會)(?=[。,,.!\s]|\Z)[。,,.!\s]*(?P<more>.*)",
    open=r"\A請?(?:談一?談|說一?說|講一?講|聊一?聊|論述|詳細(?:說明|描述|介紹))",
    away=r"(?:本|這一?)(?:章|節|文|課|篇文章)(?:中|裡|將|介紹)|(?:如上|如下|上述|下述)(?:圖|表|所示)|以下幾?[點種個][:：]?\s*\Z",
    this=r"\A(?:這|這個|這段程式碼|那)(?:是|為|有|會)",
    dated=r"目前為止|現如今|近年來",
    measure=r"多(?:長時間|少時間|快|大)|需要多久",
)
_KO = Vocabulary(
    closed=r"(?:가요|나요|까요|니까)[?？.]?\s*\Z",
    yes=r"\A(?:네|예|아니요|아니오|맞다|틀리다|참|거짓)(?=[\s,.!]|\Z)\W*(?P<more>.*)",
    open=r"(?:에\s?대해|을|를)\s?(?:자세히\s?)?(?:설명|논의|이야기|서술)\s?(?:해|하)\s?(?:주세요|보세요|주십시오|시오|세요|라)",
    away=r"이\s(?:장|절|글|문서|강의|섹션)에서|(?:위|아래)(?:의|에서)\s?(?:그림|표|코드|예제|언급|설명)|다음과\s같(?:다|습니다)[.:]?\s*\Z",
    this=r"\A(?:이것|이게|저것|그것)(?:은|는|이|의)?\s",
    dated=r"요즘|최근에는|현재로서는",
    measure=r"얼마나\s(?:걸|빠|크|오래)",
)

VOCABULARIES: Mapping[str, Vocabulary] = MappingProxyType(
    {
        "en": _EN,
        "de": _DE,
        "fr": _FR,
        "es": _ES,
        "pt": _PT,
        "ja": _JA,
        "ko": _KO,
        "zh-Hans": _ZH_HANS,
        "zh-Hant": _ZH_HANT,
    }
)
"""By the code of the language."""
