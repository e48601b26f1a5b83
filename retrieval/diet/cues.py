"""The phrases by which a text keeps a food away from the reader, and those that take it back, as patterns.

All are for masked text (see `retrieval.diet.avoidance`): lower case, a mention of a food is a run of `¤`.

What may stand between a cue and its food, and right after the food, is listed: "avoid peanuts." speaks against
peanuts, "avoid burning the peanuts" and "don't add the peanuts yet" don't.
"""

import re

RECOMMENDING = (
    r"(?:try|trying|eat|eating|have|having|use|using|add|adding|enjoy|enjoying|choose|choosing|pick|go|snack"
    r"|snacking|swap|opt|make|making|cook|cooking|serve|serving|sprinkle|top|mix|stir|order|ordering"
    r"|consider|include|buy|get"
    r"|drink|drinking|take|grab|spread|blend|bake|toss|combine|pair|dip|finish|put|pour|fill|drizzle|garnish"
    r"|scatter"
    r"|recommend|suggest|prefer|love|treat|reach|start|replace|substitute|reward)"
)
_PREDICATE = (
    r"(?:is|are|was|were|isn't|aren't|works?|makes?|can|could|will|would|should|may|might|must|gives?|goes"
    r"|tastes?"
    r"|provides?|offers?|adds?|suits?|helps?|do|does|has|contains?)"
)
_PRONOUN = r"(?:i|you|we|he|she|it|they|there|here|this|these|let|let's|i'd|you'll|you'd|it's|that's)"
_OTHER = (
    r"(?:by|via|for|to|through|into|onto|from|because|but|then|than|until|if|when|so|and|or|nor|instead|only"
    r"|just|without"
    r"|on|at|in|over|added|doubled|tripled|kept|used|brought|gave|took|put|left|included|chose|served"
    r"|no|not|nothing|minus|lack|lacking|absence|shortage|\w+'s|doubt|question|delay|hesitation|exception"
    r"|fail|fear"
    r"|worry|guilt|limits?|shame|risk)"
)
# A quality or an amount that is wrong, or a thing that is done to the food: the food itself is welcome.
_QUALITY = (
    r"(?:(?:un)?(?:salted|roasted|peeled|cooked|sweetened|shelled|opened)|salty|cheap|raw|stale|burn(?:t|ed)"
    r"|old|rotten"
    r"|rancid|bad|plain|too|many|much|more|most|few|fewer|less|little|excess(?:ive)?|large|big|huge|small"
    r"|single|half"
    r"|handful|poor|low|ordinary|expensive|oily|greasy|mou?ldy|warm|cold|hot|soft|hard|ripe|unripe|better"
    r"|best|enough"
    r"|wrong|inferior|full|rich|loaded|packed|topped|covered|high|leaves?|keeps?|allows?|permits?|lets?"
    r"|overcooked|undercooked|two|three|four|five|six|seven|eight|nine|ten|dozen"
    r"|(?!(?:eating|having|using|adding|buying|ordering|drinking|taking|choosing|consuming|containing"
    r"|including"
    r"|anything|everything|something|serving|seasoning|dressing|topping|stuffing|filling|frosting|icing"
    r"|coating"
    r"|pudding)\b)[a-z]+ing)"
)
_WITH = "".join(  # "avoid foods with nuts" speaks against nuts, "avoid boredom with nuts" doesn't
    f"(?<!{word} )" for word in "foods anything products dishes made everything items sauces snacks".split()
)
_WITH = rf"{_WITH}with"
_OF = "".join(  # "avoid sources of milk" speaks against milk, "don't eat the skin of a tomato" not against tomatoes
    f"(?<!{word} )"
    for word in "trace traces source sources kind kinds type types form forms sort sorts amounts any all".split()
)
_OF = rf"{_OF}of"

FOOD = r"¤++(?:(?: +|-)¤++(?! +(?:is|are|was|works?|makes?|can|will)\b))*"
_LEAD = (
    rf"(?:(?!(?:{RECOMMENDING}|{_PREDICATE}|{_PRONOUN}|{_OTHER}|{_QUALITY}|{_WITH}|{_OF})\b)"
    r"[\w'-]++ ++){0,4}"
)
_TRAIL = (
    r"(?: +(?:products?|dish(?:es)?|sauces?|foods?|entirely|completely|altogether|too|as well|at all|either"
    r"|here"
    r"|please|today|tonight|tomorrow|of any kind|in any form|and so on|etc|whatsoever|anywhere|inside|of course|(?:and"
    r"|or) (?:the )?like"
    r"|toppings?|garnish|dressing|versions?|mix|crumble|crust|coating|filling|flakes|pieces|bits|variants?"
    r"|options?"
    r"|snacks?|bars?|noodles|stew|curry|soup|salad|cookies|crumbs|extracts?|powder|flour|paste|oil|protein))*"
)
_ALLERGY_REASON = r"(?:a |an |your |this |the )?(?:¤+ +)?(?:allerg|intoleran|sensitiv)"
_GOES_ON = (  # what may follow a food that is kept away
    r"(?: *(?:$|[,;:.!?)(\n/|–—\]&]|['\"](?!s\b))| +- "
    r"| +(?:and|or|nor|as +(?:you|they|it|these|this|those|well)|but|because|since|so|including|such|like"
    r"|then|especially|particularly|even|eg"
    r"|(?:which|that)(?! +(?:is|are|were|look|smell|taste|ha(?:s|ve) gone|went)\b(?! +(?:not|off|in|an?|the"
    r"|often|usually|made|your)))"
    r"|due to|given|therefore|instead|where|wherever|whenever possible"
    r"|in +(?!the (?:evening|morning|night|afternoon)|large|larger|big|bigger|bulk|excess|bed|one go|a rush"
    r"|a hurry|high)"
    rf"|for +(?:you|your|safety|this|the)|with +{_ALLERGY_REASON}|if +(?:you(?:'re| are"
    rf"| have) ){_ALLERGY_REASON}"
    r"|when +(?:you )?(?:eat(?:ing)? out|shop(?:ping)?|cook(?:ing)?)|to +(?:be|stay|keep|avoid|make)"
    r"|from +(?:your|the|this|that|my) +(?:diet|recipe|dish|list|meals?|menu|day))\b)"
)
_PREDICATE_FOLLOWS = (
    rf"(?: +(?:{_PREDICATE}|{RECOMMENDING}|{_PRONOUN}|with|for|on|using|at|the|some|my|to|go|goes)\b)"
)

FIRST = re.compile(rf" *{_LEAD}['\"(]?{FOOD}{_TRAIL}(?={_GOES_ON})")
_FIRST_OF_SIDE = re.compile(rf" *{_LEAD}['\"(]?{FOOD}{_TRAIL}(?={_GOES_ON}|{_PREDICATE_FOLLOWS})")
ITEM = re.compile(
    rf" *(?:any|all|the|other|your|both)? *{_LEAD}['\"]?{FOOD}['\"]?{_TRAIL}"
    r"(?= *(?:$|[,;:.!?)(\n/–—]|- |(?:and|or|nor|as|but|which|that|because|since|so|including|such|like"
    r"|then|in +(?:it|them|this|that|there|here))\b))"
)

_BRINGS = r"(?:contains?|has|have|includes?|(?:is|are) made (?:with|from|of)|uses?|hides?)"
_ADVERBS = r"(?:(?:also|usually|often|typically|may|can|might|will|normally|traditionally|both) +)*"
SEPARATOR = re.compile(
    r",? *\(?(?:such as|like|including|especially|particularly|even|eg|for example)\b"
    rf"|,? *(?:(?:which|that)|(?:because|since|as|so) +(?:it|they|this|these|most|many|some)) +{_ADVERBS}{_BRINGS}\b"
    rf"| *\((?:as |because )?(?:which|it|they|this|these) +{_ADVERBS}{_BRINGS}\b"
    r"| *(?P<list>[,)(/&] *(?P<also>(?:and|or|nor)\b)?|(?P<word>and|or|nor|&|as well as|plus)\b)"
)
BULLET = re.compile(r" *\n[ \n]*(?:[-*•]|\d+[.)])")
HEADER = re.compile(r"[\w ',]{0,40}: *(?=\n[ \n]*(?:[-*•]|\d+[.)]))")
COLON = re.compile(
    r"(?: *(?:the following|following|these|such|foods?|ingredients?|items?|products?|things?|all|any))* *:"
)

_EATING = r"(?: +(?:eating|having|using|adding|buying|ordering|drinking|taking|choosing|consuming|any|the))*"
_TAKE = (
    r"(?:eat|have|use|add|contain|include|consume|drink|take|touch|want|like|tolerate|need|buy|order|give"
    r"|serve"
    r"|recommend|suggest|offer|advise|propose)"
)
_NOT_REALLY = r"(?! +(?:to|too|enough|much|more|only|just)\b)"

# Kinds: `avoid` begins a list that may go on with commas; all others need a final "and" or "or" for that.
CUE = re.compile(
    r"(?P<avoid>\b(?:not (?:suitable|recommended|safe|allowed)(?: for you)?(?= *:)|avoid(?:s|ed|ing)?"
    r"|skip(?:s|ped|ping)?|omit(?:s|ted|ting)?|ditch(?:es|ed|ing)?|leav(?:e|es|ing) out"
    r"|left out|exclud(?:e|es|ed|ing)|cut(?:ting)? out|rul(?:e|es|ing) out"
    r"|(?:stay|keep|steer|staying|keeping|steering) +"
    r"(?:well +)?(?:away|clear) +(?:from|of)|refrain(?:ing)? from"
    r"|(?:advise|recommend|warn) against"
    r"|(?:best|better|sure|careful|important|wise|safer|need|try|advised?|told|asked) not to +"
    + _TAKE
    + rf"|(?:do not|don't|never|should not|shouldn't|must not|mustn't|would not|wouldn't) +{_TAKE})"
    rf"{_EATING}\b{_NOT_REALLY})"
    r"|(?P<allergy>\b(?:allergic to|allerg(?:y|ies) to|intolerant (?:to|of)|intolerance (?:to|of)"
    r"|sensitive to)\b)"
    r"|(?P<none>\bnone of (?:the|these|them|those|our|my)(?: \w+){0,2}? (?:contains?|has|have|includes?"
    r"|uses?)\b)"
    rf"|(?P<without>\bwithout{_EATING}\b{_NOT_REALLY})"
    r"|(?P<side>\b(?:free (?:from|of(?! charge))|instead of|rather than|in place of"
    r"|(?:stand|fill|step)(?:s|ing)? in for|tak(?:e|es|ing) the place of|safer(?: [a-z]+){0,2} than"
    r"|(?:alternatives?|substitutes?|replacements?) (?:to|for)|lack(?:s|ing))"
    rf"{_EATING}\b{_NOT_REALLY})"
    r"|(?P<cannot>\b(?:can't|cannot|can not|couldn't|does not|doesn't|did not|didn't|won't|will not|unable to"
    rf"|not able to) +{_TAKE}{_EATING}\b{_NOT_REALLY})"
    r"|(?P<watch>\b(?:watch out for|look out for|beware of|be careful (?:with|of))\b)"
    r"|(?P<hold>\bhold the\b)"
    r"|(?P<foreign>\b(?:ohne|sans|sin|senza|sem|zonder|bez|без|keine?n?|geen|pas de)\b)"
    r"|(?P<label>\b(?:(?:check|read)(?:ing)? (?:(?:the|its|every|each|all|any) )?(?:labels?|packaging|packet"
    r"|ingredients)"
    r"(?: of (?:the |your |any )?[\w¤ ]{1,25}?)? (?:for|to see (?:if|whether) it contains)|(?:ask"
    r"|check) (?:if|whether) (?:it|(?:the|a"
    r"|any) \w+) contains?)\b)"
    r"|(?P<traces>\bmay contain\b)"
    r"|(?P<asked>\byou (?:asked|wanted|searched|looked) for\b)"
    r"|(?P<swap>\b(?:replac(?:e|es|ed|ing)|swap(?:s|ped|ping)?|switch(?:ed|ing)?|exchang(?:e|ed|ing)|trad(?:e|ing))\b)"
    r"|(?P<out>\bi(?:'ve| have)? left\b)"
    r"|(?P<no>(?<!why )\b(?:no|not|zero|neither|nor|minus)\b)"
)
CUE_STARTS = frozenset(
    """avoid avoids avoided avoiding skip skips skipped skipping omit omits omitted omitting ditch ditches
    ditched ditching leave leaves leaving left hold exclude excludes excluded excluding cut cutting rule
    rules ruling stay staying keep keeping steer steering refrain refraining watch look beware be do don
    never should shouldn must mustn would wouldn advise recommend warn best better sure careful
    important wise safer need try advised told asked allergic allergy allergies intolerant intolerance
    sensitive free without instead rather in alternative alternatives substitute substitutes replacement
    replacements lack lacks lacking stand stands standing fill fills filling step steps stepping take takes taking safer
    replaced swapped switched exchanged ohne sans sin senza sem zonder bez без kein keine keinen geen pas
    check checking read reading ask may you i can cannot couldn does doesn did didn won will unable not
    replace replaces replacing swap swaps swapping switch switching exchange exchanging trade trading
    none no zero neither nor minus""".split()
)

FIRST_OF = {
    "no": re.compile(
        r"(?: *\b(?:need for|any|added|extra|more|other|of|with|from|using|the|your|such|a|an|real|traces?"
        r"|sources?|sort|kind|type|form|animal"
        r"|hidden|actual|eating|having|using|adding|drinking|contain(?:s|ing)?)\b)*"
        rf" *['\"]?¤++{_TRAIL}(?={_GOES_ON}| +¤"
        r"| +(?:is|are|was|were) +(?:used|in|included|added|involved|listed|present|contained|allowed)\b"
        r"|(?:-[\w-]+| +(?:recipes?|dish(?:es)?|meals?|products?|contact|content|free))\b)"
    ),
    "foreign": re.compile(
        r" *(?:(?:die|der|das|den|la|le|les|el|los|las|il|lo|i|gli|o|os|as|a|de|het|du|des|d') *)?"
        rf"{FOOD}(?= *(?:$|[,;:.!)\n]|(?:und|oder|et|ou|y|o|e|ni|of|en|i|или|и|and|or)\b))"
    ),
    "swap": re.compile(
        rf"(?! +(?:in|to|up|over|it|things)\b) *{_LEAD}{FOOD}(?: *(?:,|and|or) *{_LEAD}{FOOD})*(?= +(?:with"
        rf"|for|by|to)\b)"
    ),
    "hold": re.compile(rf" *{FOOD}(?= *(?:$|[,;.!)\n]|(?:and|please)\b))"),
    "watch": re.compile(
        r" *(?:(?:any|all|hidden|eating|buying|(?:traces?|sources?) of|(?:products|foods|dishes|sauces"
        r"|anything) with) +)*"
        rf"{FOOD}{_TRAIL}(?={_GOES_ON})"
    ),
    "out": re.compile(
        rf" *(?:(?:the|any|all) +)?{FOOD}(?: *(?:,|and|or) *(?:the +)?{FOOD})*(?= +(?:out|off)\b(?! +(?:to|for|on"
        rf"|overnight)\b))"
    ),
    "label": re.compile(
        rf" *(?:(?:any|traces? of|hidden|added) +)*{FOOD}(?= *(?:$|[,;.!)\n]|(?:and|or|before|first|because"
        rf"|since|as)\b))"
    ),
    "asked": re.compile(rf" *{_LEAD}{FOOD}(?: +(?:with|and|or|in|on) +(?:the +|some +)?{FOOD})*"),
    "traces": re.compile(rf" *(?:(?:small |some )?(?:traces?|amounts) of +)?{FOOD}(?={_GOES_ON})"),
    "without": _FIRST_OF_SIDE,
    "side": _FIRST_OF_SIDE,
    "none": _FIRST_OF_SIDE,
    "allergy": re.compile(rf" *{_LEAD}['\"(]?{FOOD}"),
}
"""Where the first food of a kind of cue stands. Kinds that aren't here use `FIRST`."""

INTRO = re.compile(
    r" *(?:(?:and|but|so) +)?(?:if|since|because|as|given|when|while|although|though|to|for|with|in order to"
    r"|due to"
    r"|considering|instead of|rather than|in place of|without)\b"
)
MAIN = re.compile(rf" *(?:then +)?(?:{_PRONOUN}|{RECOMMENDING}|the|some|my|maybe|perhaps|how|why)\b")

FREED = re.compile(
    r"['\"]?(?:-free\b(?! *(?:range|of|from))"
    r"| free\b(?! *(?:up|range|of|from|with|all|today|at|on|every|each|when|now|here|to|in|samples?|delivery"
    r"|gifts?)\b)"
    r"|- *(?:,|and|or|&)[\w ,¤-]{0,30}?-free\b|[ -](?:alternatives?|substitutes?|replacements?|replacers?)\b)"
)
ALLERGY = re.compile(r"['\"]?[ -](?:allerg(?:y|ies|ic|ens?)|intoleran(?:t|ce)|sensitiv(?:e|ity))\b")
NOT_FREED = re.compile(
    r"(?:(?:\b(?:is|are|was|were|be|am)|'s|'re) (?:not|never|hardly|no longer)|n't|anything but)"
    r" +(?:(?:really|even|at all|quite|a|an) +)*$"
)

RECOMMENDED = re.compile(rf"(?<!n't )(?<!not )(?<!never )\b{RECOMMENDING}\b")

NO_ALLERGY = re.compile(
    r"(?:\bnot?|n't|\bnever|\bno longer) +(?:(?:really|actually|even|truly|at all|known|real) +)*$"
)
OTHERS = re.compile(
    r"\b(?:fools?|people|others|some|many|most|they|doctors?|parents|kids|children)\b"
    r"(?!.*(?:allerg|intoleran|\bmust\b|\bshould\b|\bneed to\b|\bhave to\b))"
)
PARENTHESIS = re.compile(r"(?:(?<=n't)|(?<=not)|(?<=never)) *,[^,¤]{0,40},")
NEGATIVE = re.compile(
    r"n't\b|\b(?:not|never|nobody|no one|none|nothing|resist\w*|doubt|little|courage|urge|temptation"
    r"|before|hardly|why"
    r"|who says|mistake|shame|pity|silly|foolish"
    r"|unwise"
    r"|wrong|unnecessary|needless|pointless|no|longer|forget|ignore|stop|quit|myth|nonsense|refuse|regret"
    r"|miss|few|used to"
    r"|instead of|rather than|without|too short|hard|difficult|impossible|tempting|needn't|avoid\w*"
    r"|prevent\w*|skip\w*|refus\w*"
    r"|what (?:is|are|would|good)|who (?:wants|needs|would)|nicht|kein\w*|pas|jamais"
    r"|nunca|non|não|niet|nooit|geen|nie|nigdy|не|нет|никогда|ni)\b"
)
NEUTRAL = re.compile(
    r"^\W*no\b *[,.:!–-]|\b(?:don't|do not|never|not) +forget +(?:to|that)|\b(?:that's|is|that is) why"
    r"|\bno +¤++|\bnot only"
)
CLAUSE = re.compile(  # between a negative word and a cue: what separates them
    r"[;:()–—]|\b(?:but|so|because|since|therefore|hence|then|unless)\b|¤.*\band\b"
    r"|, *(?=(?:(?:please|always|just|also|simply|and|best|better|or) +)*"
    rf"(?:$|(?:{_PRONOUN}|{RECOMMENDING}|the|my|your|do|don't|never|please)\b))|\band +(?:{_PRONOUN}|the|my"
    rf"|your)\b"
)
OPTIONAL = re.compile(r"\b(?:can|could|may|might|free to)(?: (?:also|always|even|just|simply|easily))* +$")
NOTHING_FOUND = re.compile(
    r"\b(?:i|we|passages?|sources?|recipes?|list) +(?:\w+ +){0,1}?"
    r"(?:know|knows|find|found|have|has|names?|lists?|shows?|see|contains?|mentions?|is|are"
    r"|(?:do|does|did|could|can)(?:n't| not)|cannot)\b"
)

_PLENTY = r"(?:them|those|these|some|plenty|lots|a few|a handful|one|more)"
_TAKING = (
    r"(?:enjoy|eat|scatter|stir|sprinkle|toss|mix|save|add|have|try|use|love|include|buy|roast|toast|want"
    r"|need|take|order|bring|relish|adore|put)"
    r"(?:ing)?"
)
_PRAISE = (
    r"(?:delicious|tasty|yummy|great|amazing|lovely|fantastic|excellent|wonderful|safe|healthy|fine|good"
    r"|perfect|best"
    r"|worth)"
)
_PRAISED = (
    r"(?:they|those|these|it|that)(?:'re| are|'s| is| taste\w*|'ll be| will be) +(?!not\b)"
    rf"(?:\w+ +){{0,2}}?{_PRAISE}\b"
)
_TAKEN = (
    rf"{_TAKING} +(?:(?:in +)?them\b|(?:(?<=add )|(?<=use )|(?<=try ))it\b|{_PLENTY}(?:(?= *(?:[.,!?;:)\n]"
    rf"|$))"
    r"| +(?:daily|every|often|back|in|too|anyway|for|now|with|at|on|to|again|freely|today)\b))"
)
_A_LITTLE = (
    r"(?:(?:a few|a little|a bit|small (?:amounts?|doses?)|traces?|just one|one|some) (?:is|are|won't"
    r"|will not|can't)\b"
    r"|(?:try|start with|begin with) (?:a few|a little|a bit|just one|one|some)\b)"
)
TAKEN_BACK = re.compile(
    r"\b(?:only|just) (?:the )?(?:un\w+|plain|raw|roasted|toasted|fresh|whole|salted)\b|"
    rf"\ball of (?:it|them)\b|\b{_TAKEN}|\b{_PRAISED}|\bones\b|\b{_A_LITTLE}"
)
REGRETTED = re.compile(
    r"\b(?:los(?:e|es|ing)|ruin\w*|suffers?|falls? flat|nobody|no one|reconsider|think again|bland|boring"
    r"|dull|sad|incomplete|tasteless|flavou?rless|(?:not|n't) (?:\w+ )?(?:the same"
    r"|necessary|needed"
    r"|required|wise|taste)|miss(?:es|ing)? out|miss(?:es)? the|a (?:pity|shame|mistake|waste|sin|crime"
    r"|myth)|pointless"
    r"|needless|unnecessary|outdated|old[- ]fashioned|nonsense|silly|foolish|overrated|overcautious"
    r"|wrong(?:ly)?|just kidding|joking|ha ha|haha|ridiculous"
    r"|absurd|unwise|(?:just|'s|is) not (?:¤|the|a|real|complete|proper)|no fun|regret|optional"
    r"|only at first)\b"
)
TAKEN_BACK_NEXT = re.compile(
    r"[.!?;:\n ]*(?:(?:no|never|not at all|but|actually|still|just kidding|on the contrary|no problem"
    r"|no way)[,.!:;]* +)*"
    rf"(?:\b{_TAKEN}|\b{_PRAISED}|have\b.{{0,12}}\banyway|nonsense|rubbish|wrong\b|(?:sure|yes"
    rf"|of course)?,? *you can\b|that's over|(?:ignore|forget) (?:that|it)|just kidding|on the contrary"
    rf"|never!)"
)
DISMISSED = re.compile(
    r"(?<!n't )(?<!not )(?<!never )(?<!cannot )(?<!unable to )\b(?:ignor\w+|forget\w*|disregard\w*"
    r"|overrid\w+|bypass\w*)\b"
    rf"|\b{_A_LITTLE}"
    r"|\b(?:mild|allows|permits|never mind|is gone|has gone|outgrown|outgrew|cured|healed|imaginary"
    r"|(?:not|n't) real|no longer"
    r"|(?:doesn't|don't|does not|do not) matter|irrelevant|(?:won't|can't|doesn't|will not) hurt|harmless"
    r"|exaggerated|set aside|aside)\b"
    r"|\bno +(?:known +|real +|such +)?(?:¤++ +)?(?:allerg|intoleran)"
)
REFUSED = re.compile(
    r"\bwithout(?: (?:it|them|any))?(?= *(?:[.,;!)\n]|$))|\b(?:here|try|have|i|use|suggest)\b.*\binstead\b"
    r"|\ballerg"
    r"|\b(?:can't|cannot|won't) (?:recommend|suggest|offer|give)|\b(?:not|n't) (?:suitable|safe)"
    r"|\bleft (?:it|them) out"
)
LABEL = re.compile(r"\b(?:check|read) (?:(?:the|its|every|each) )?(?:labels?|packaging|packet)\b")
POLITE = re.compile(r"\b(?:would you like|do you want|shall i|should i|can i|may i|could i)\b")
SAFE_REST = re.compile(
    r" *(?:$|, *(?:(?:it|this|the [\w¤]+)(?:'s| is| are|) )(?:(?:also|then|now|still) )?(?:safe|suitable"
    r"|fine|right) for you)"
)
CONTRAST = re.compile(
    r"\b(?:avoid\w*|skip\w*|allergic|allerg(?:y|ies)|intoleran\w+|omit\w*|le(?:ave|ft) out|exclud\w+|without"
    r"|nothing|none)\b"
    r".*(?:,|\(|\bbut|\band|\bespecially|\bcertainly) *$"
)
PRONOUN = re.compile(r"\b(?:it|they|them)\b")
SHUNNED = re.compile(r"\b(?:avoid|skip|away from|clear of)\b[^,;¤]*\b(?:that|which|who|with)\b[^,;]*$")
