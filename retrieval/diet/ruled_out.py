"""How a sentence rules out a food after naming it: "satay isn't safe for you", "has peanuts, so leave it out".

For masked text, as in `retrieval.diet.cues`.
"""

import re

from retrieval.diet.cues import RECOMMENDING

_LINK = (
    r"(?:usually|often|typically|normally|traditionally|contains?|has|have|includes?|made|with|so|it|they"
    r"|that|which"
    r"|this|these|dish(?:es)?|sauces?|products?|foods?|all|both|and|or|because|since"
    r"|(?:is|are) (?:\w+ )?(?:made|topped|served|cooked|thickened|brewed|distilled|based|set|fried|baked|filled|coated"
    r"|flavoured|stuffed|garnished|finished) (?:with|from|of|on|in|by)|(?:is|are) +(?:still +)?(?:an? +|all +)+"
    r"(?:(?:form|kind|type|sort|source) +of)?)"
)
_SUITABLE = (
    r"(?:suitable|safe|ok|okay|allowed|an option|for you(?! alone)|recommended|permitted|possible"
    r"|right for you|fine)"
)
RULED_OUT = re.compile(
    rf"(?: *\b{_LINK}\b| *[,()]| *¤++){{0,24}}+ *(?:"
    rf"\b(?:is|are|was|were|would be|will be) +(?:also +|both +)?(?:not +(?:at all +|really +|always +)?{_SUITABLE}\b"
    r"|unsafe\b|unsuitable\b|off[ -]limits\b|out(?= *(?:[.,;!)\n]|$|for you))"
    r"|(?:(?:easily|simply|always|often|usually|best|here) +)?(?:replaced|swapped) +(?:by|with|for|out)\b"
    r"|excluded\b|forbidden\b|off the (?:menu|table|list)\b"
    r"|a no[ -]go\b|best avoided\b|to be avoided\b|left out\b|omitted\b)"
    rf"|\b(?:isn't|aren't|wasn't|won't be|wouldn't be|(?:would|will) not be) +(?:really +|at all +)?{_SUITABLE}\b"
    r"|\b(?:should|must|needs? to|has to|have to|is best|are best) +(?:all +|both +)?be +"
    r"(?:avoided|left out|skipped|omitted|excluded)\b"
    r"|\b(?:should|must|needs? to|has to|have to) +(?:(?:all|both) +)?(?:stay|remain|be kept|be left) +(?:off|out)\b"
    r"|\b(?:(?:is|are) +not|isn't|aren't) +(?:really +)?(?:halal|kosher|vegan|vegetarian|gluten[- ]free|dairy[- ]free)"
    r"(?= *(?:[;.!)\n]|$|, *(?:so|use|choose|pick)\b))"
    r"|\b(?:can|could|may|might|should|must) +(?:(?:also|easily|simply|always|often|usually|both|all|each|then|be) +)*"
    r"be +(?:(?:easily|simply|always|often) +)?(?:replaced +(?:by|with)|swapped +(?:for|with|out)"
    r"|exchanged +for|substituted +(?:by|with))\b"
    r"|\b(?:won't|doesn't|don't) (?:work for|suit) you\b"
    r"|\b(?:is|are) (?:a |an )?(?:common |known |major )?allergens?\b"
    r"|\b(?:can|could|may|might|would|will) (?:trigger|cause|set off) (?:an? |your "
    r"|the )?(?:¤+ )?(?:severe |serious )?"
    r"(?:allerg|reaction|symptoms|anaphyl)"
    r"|\b(?:do|does|wo|did)(?:n't| not) (?:fit|match|suit|work for|agree with|go with) (?:you|your|an? (?:\w+ )?diet)\b"
    r"|(?:'s|'re|\bis|\bare)? *\bnot for you(?= *(?:[.,;!)\n]|$|(?:because|since|as|with)\b))"
    r"|\bi (?:can't|cannot|won't|don't) (?:recommend|suggest|offer)\b"
    r"|\b(?:omitted|left out|removed)(?= *(?:[.,;)\n]|$))|(?<=so )(?:please +)?leave (?:it|them) out\b"
    r"|(?:(?<=so )(?:please +)?|\byou +(?:(?:must|should|need to|have to) +)?)(?:avoid|skip"
    r"|steer clear)\b(?: (?:it|them)\b)?+"
    r"|\byou(?:'re| are) (?:allergic|intolerant)\b|\byou (?:can't|cannot|must not|mustn't|shouldn't) (?:eat"
    r"|have)\b)"
    r"(?! *(?:for you)? *\?| +(?:only|if|unless(?! (?:the|its?|they|you (?:use|make|leave))\b)|when"
    r"|until|before|after|late|at night|enough|highly|by|of"
    r"|from (?!your|this|these)"
    r"|to (?!eat|have|use)\w)\b)"
)

_PORTION = (
    r"(?:handful|plate|bowl|portion|serving|slice|piece|spoon\w*|little|bit|few|lot|cup|bite|dash|drop|taste"
    r"|generous)"
)
_OBJECT = (
    r"(?:(?:an?|the|some|another) +)?+"
    rf"(?!(?:it|them|those|these|that|this|some|one|more|plenty|{_PORTION})\b)"
)
_PRAISE = r"(?:great|good|delicious|tasty|perfect|lovely|healthy|ideal|best|safe)"
REASONED = re.compile(
    rf"(?: *+(?:¤++|,|\b(?!(?:{RECOMMENDING}|so|but|unless|if|{_PRAISE})\b)[\w'-]++)){{0,14}}"
    r"(?:[,;]| -)? *\b(?:so|therefore|and so|hence)\b,? +(?:please +|just +|always +|i +would +|i'd +)*(?:"
    r"(?:avoid|skip|omit) +(?:it|them|this|these|both|all of them)\b"
    r"|leave +(?:it|them|this|these|both) +(?:out|off)\b"
    r"|i(?:'ve| have)? +(?:left|kept|removed|skipped|swapped|replaced) +(?:it|them|this|these|that|both)\b(?! +in\b)"
    r"|(?:it|they|this|that|these)(?:'s| is|'re| are)? +(?:not suitable|isn't suitable|aren't suitable|not safe"
    r"|isn't safe|aren't safe|unsuitable|unsafe|off limits|out\b(?! of)))"
    r"(?! *\?| +(?:only|if|unless|when|until|before|after|late)\b)"
)
"""What a food is or holds, and that it is kept away for it: "is dairy, so please avoid it". Nothing praises it."""
_HOLDS = (
    r"(?:contains?|has|have|(?:is|are) made (?:with|of|from)|comes? from"
    r"|(?:isn't|aren't|is not|are not) (?:halal|kosher|vegan|vegetarian|gluten[- ]free|dairy[- ]free))"
)
_INSTEAD = (
    r"(?:, so|; so|;|, therefore) +(?:please +)?"
    rf"(?:choose|pick|try|use|opt for|go for|look for|have|order) +{_OBJECT}(?:[\w'¤-]++ ++){{0,5}}?"
    r"(?:[\w'¤-]++ ++instead(?! of)|version|alternative|one that|set with|made with)\b"
)
REPLACED_BY = re.compile(
    rf"(?: +(?:usually|often|always|normally|typically|also))* +{_HOLDS}"
    rf"(?: ++[\w'-]++){{0,2}}?(?: *¤++(?: *(?:,|and|or) *¤++)*)?{_INSTEAD}"
)
"""What a food holds, and what to take in its place: "hummus contains tahini, so try a bean dip instead"."""
REPLACED_NEXT = re.compile(rf"(?: *(?:,|and|or) *¤++)*{_INSTEAD}")
"""The same after the food that is held; `HELD` must stand before it."""
HELD = re.compile(rf"\b{_HOLDS} +(?:[\w'-]++ ++){{0,2}}(?:¤++ *(?:,|and|or) *)*$")
