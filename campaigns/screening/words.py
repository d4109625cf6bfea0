"""Words of abuse, and words by which somebody tells that they or others are in danger. Pure."""

import re

HARM, THREAT, ABUSE = "harm", "threat", "abuse"
# Marks of these kinds ask whoever reads them whether the wish should be passed to the safeguarding officer.
WORRYING = (HARM, THREAT)

_WHO = (
    "me|us|him|her|them|my (?:mum|mother|sister|brother|son|daughter|kids?|child|children|baby|wife|girlfriend)"
    "|the (?:kids|children|baby)"
)
_ONES_LIFE = r"(?:my|your|his|her|their) (?:own )?li(?:fe|ves)"
WORDS = {
    HARM: re.compile(
        rf"\b(?:kill(?:ed|ing)? (?:myself|himself|herself|themselves)|(?:end(?:ing)?|take|taking) {_ONES_LIFE}|end it all"
        r"|(?:want|wish|wanted|like) (?:to (?:die|be dead)|i (?:was|were) dead)|suicidal|self[- ]?harm(?:s|ed"
        r"|ing)|(?:i|she|he|they|we|daughter|son|who)(?: \w+){0,2} self[- ]?harm"
        r"|(?:cut|cutting|hurt|hurting|harm|harming) (?:myself|himself|herself)|no (?:reason|point) (?:to"
        r"|in) (?:live|living|go on|going on)"
        r"|(?:don['’]?t|do not|didn['’]?t) want to (?:live|be here|be alive|wake up)(?: any ?more)?"
        rf"|(?:hits?|hitting|beats?|beating|hurts?|hurting|punch(?:es|ing)?|kick(?:s|ing)?|strangl(?:es|ing)"
        rf"|rap(?:es|ed|ing)) (?:{_WHO})\b(?! (?:car|vehicle|van|bike|hard|all|both|badly)\b)"
        rf"|(?:abus(?:es|ing|ed)|molest(?:s|ed|ing)?|touch(?:es|ing)|groom(?:s|ed|ing)) (?:me|us|my (?:son"
        rf"|daughter|kids?|child|children))\b"
        r"|(?:i am|i['’]m|we are|i was|she is|he is) (?:being )?(?:abused|raped|beaten|trafficked|stalked|hit)\b"
        r"|(?:scared|afraid|frightened|terrified) (?:of my|to go home|he will|he['’]ll|for my life)"
        r"|(?:forced|forcing|made) (?:me |us |her )?(?:to marry|into marriage)|won['’]?t let me (?:leave|out))", re.I
    ),
    THREAT: re.compile(
        r"\b(?:(?:i|we) ?(?:['’]?ll|will|am going to|['’]m going to|are going to|['’]re going to|m gonna|['’]m gonna|shall) "
        r"(?:kill|shoot|stab|burn|bomb|hurt|attack|get you|find you|come for you)"
        r"|(?:should|ought to|deserves? to|need to|needs to|must) (?:all )?(?:be (?:shot|hanged|hung|killed"
        r"|burn(?:ed|t)|stabbed|lynched)|die\b)"
        r"|(?:kill|shoot|hang|stab|bomb) (?:them all|you all|the lot|all (?:of )?(?:them|you))|watch your back"
        r"|know where you live)", re.I
    ),
    ABUSE: re.compile(
        r"\b(?:f+[u*@#]+[c*]+k+\w*|f\*{2,}\w*|fuk(?:ing|ers?)?|motherf\w+|c[u*]nts?|sh[i1*!]+t(?:e|ty|s|hole)?"
        r"|bullsh[i1*]t|wank(?:er|ers|ing)?|tw[a*]ts?|b[a*]st[a*]rds?"
        r"|b[i*]tch(?:es|ing)?|[a@]rseholes?|[a@]ssholes?|dick ?heads?|pricks|slags|sluts?|whores?|scumbags?"
        r"|scum|idiots?|morons?|retards?|imbeciles?"
        r"|n[i1*]gg(?:er|a)s?|p[a*]kis?|ch[i*]nks|f[a*]gg?[o*]ts?|trann(?:y|ies)|gypp?os?|pike?ys?|w[o*]gs?"
        r"|spastics?|sp[a*]z|mongs?|poofs?)\b",
        re.I,
    ),
}
