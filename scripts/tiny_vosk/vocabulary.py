"""What the toy model knows: closed phrases, other words that teach it what is none, and the voices."""
# ruff: noqa: SIM905

from __future__ import annotations

PHRASES = """yes|no|not ready|not yet|i'm not ready|i'm ready|ready|go ahead|stop|pause|repeat|
repeat that|say that again|slower|louder|quieter|faster|help|done|i'm done|just listen|connected|
not connected|maybe|skip|skip this|go back|back|note|note that|keep|keep it|delete|delete it|
don't keep it|continue|next|start over|cancel|give me a minute|that's all|what can i say|
one|two|three|four|five|six|seven|eight|nine|ten|quit|okay""".replace("\n", "").split("|")
WORDS = sorted({word for phrase in PHRASES for word in phrase.split()})

OTHERS = """about above across after afternoon air almost along always animal answer apple
around autumn away bag ball banana beautiful because bed before begin behind believe between big
bird black blue boat book both bottle box bread bridge bring brother brown build business button
buy call camera car carry castle cat chair change child city clean clock close cloud coffee cold
colour come computer could country cover cut dance dark daughter day dear deep different dinner
dog door down draw dream drink drive early earth east eat egg empty engine enough evening every
eye face fall family far farm father feel few field find finger fire fish floor flower fly food
foot forest friend from fruit full funny garden girl glass gold good grass great green ground
group grow hair half hand happy hard have head hear heart heavy high hill history home hope horse
hospital hour house how hundred husband ice idea important inside island jump kitchen know lake
language large late laugh learn leave left letter life light little long look love machine make
man many map market meat middle milk mind money month moon morning mother mountain mouth move
music name near never new night north number ocean office old open orange other outside own page
paint paper parent park party people picture piece place plant play point poor problem pull purple
push question quick rain read red remember rest rice right river road room round run sad salt sand
school sea second see sell send sentence shape she ship shirt shoe shop should shoulder side silver
simple sing sister sleep slow small snow soft song soon sound south speak spring stand star station
stone story street strong study sugar summer sun sure swim table talk tall teacher tell thank
their there thing think thousand through today together tomorrow town train travel tree true
uncle under until usually valley very village visit voice wait walk wall want warm wash water
weather week west wheel when where white wide wife wild window winter with woman wonder wood work
world write wrong year yellow yesterday young""".split()
"""Words outside the vocabulary, for training: what is heard in their place is [unk]."""
OTHERS_UNHEARD = """airport basket candle diamond elephant factory guitar hammer insect jacket ladder
magic needle october pencil rabbit saturday telephone umbrella vegetable whistle zebra bicycle
cabbage dolphin envelope festival gentle harbour kangaroo lemon museum notion pepper rocket
sandwich tiger uniform volcano wallet""".split()
"""The same, kept for measuring."""

ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd")
VARIANTS = """- m1 m2 m3 m4 m5 m6 m7 f1 f2 f3 f4 Alicia Andy Annie Denis Diogo Gene Henrique Hugo Jacky
Lee Marco Mario Michael Mike Nguyen Storm adam anika announcer antonio belinda benjamin boris caleb
david ed edward grandma grandpa gustave john klatt klatt2 klatt3 klatt4 marcelo max michel miguel
norbert pablo paul pedro quincy rob robert sandro shelby steph2 steph3 travis victor""".split()
VARIANTS_UNHEARD = "m8 f5 Alex Andrea steph linda klatt5 kaukovalta".split()
FLITE = ("slt", "awb", "kal16")
