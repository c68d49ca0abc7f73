"""Words that say little, words that deny, and words that are each other's opposite.

Small lists on purpose: what is rare in a document is found by counting (similarity.Lexicon); these stand for what
counting cannot see in a short document.
"""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _set(
    """
    a an the of in on at to for from by with as into onto about over under between is are was were be been being am do
    does did done doing has have had can could will would shall should may might must what which who whom whose when
    where why how this that these those there here it its i you your we our they their he she his her one some any and
    or but if so then than also just only very such other another same each every all both too up out off
    explain describe define tell me us give please mean difference example

    el la los las un una unos unas de del al y o en que qué es son por para con se su sus como cómo cuál cuáles lo
    um uma do da no na nos nas em e é são qual quais seu sua ao
    le les une et ou dans est sont pour par avec sur quel quelle quels quelles ce cette ces qu il elle
    der dem ein eine einer eines einem einen und oder im ist sind für mit auf von zu zum zur wie was
    welche welcher welches wann warum wo
    """
)

ASKING = _set(
    """
    what which who whom whose when where why how
    qué cómo cuál cuáles dónde cuándo quién qual quais como quando onde
    quel quelle quels quelles pourquoi quand où was welche welcher welches wann warum wo wie
    """
)
"""Function words that say what is asked."""

NEGATIONS = _set("not no never without cannot non nor nicht kein keine ne pas não sem sans ohne")

_OPPOSITES = _set(
    """
    advantage/disadvantage advantage/drawback benefit/drawback pro/con strength/weakness enable/disable start/stop
    add/remove create/delete insert/delete create/destroy create/remove increase/decrease increment/decrement
    first/last before/after minimum/maximum min/max lowest/highest low/high smallest/largest small/large best/worst
    true/false push/pull read/write get/set get/put get/post put/patch encode/decode encrypt/decrypt
    horizontal/vertical client/server internal/external inner/outer left/right upload/download import/export
    open/close lock/unlock public/private static/dynamic strong/weak push/pop up/down sync/async allow/deny
    allow/forbid ascending/descending odd/even input/output source/target sender/receiver parent/child
    success/failure pass/fail positive/negative show/hide attach/detach mount/unmount install/uninstall
    compress/decompress row/column serial/parallel many/few fewer/more maximize/minimize top/bottom upper/lower
    keep/discard soft/hard permanently/temporarily permanent/temporary explicit/implicit shallow/deep global/local
    more/less most/least with/without always/never old/new
    """
)
OPPOSITES: dict[str, set[str]] = {}
for _pair in sorted(_OPPOSITES):
    _left, _, _right = _pair.partition("/")
    OPPOSITES.setdefault(_left, set()).add(_right)
    OPPOSITES.setdefault(_right, set()).add(_left)

OPPOSING_PREFIXES = ("dis", "un", "in", "im", "non", "ir", "il", "anti", "de", "a")
