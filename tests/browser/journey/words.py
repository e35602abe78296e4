"""What the crew of a roaster writes, in the language of the journey."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    workspace: str
    brand: str
    purpose: str
    missions: dict[str, str]
    objective: str
    persona: str
    persona_summary: str
    own_words: str
    plan: str
    gains: str
    presence: str
    presence_action: str
    visits: str
    visits_action: str
    photo: str
    photo_text: str
    news: str
    news_text: str
    toot_text: str
    forgotten: str


ENGLISH = Words(
    workspace="Roche Coffee",
    brand="Maison Roche",
    purpose="Win regular customers",
    missions={
        "instagram": "We will use Instagram to show our culture to people who love coffee.",
        "linkedin": "We will use LinkedIn to tell offices how good coffee is made.",
        "mastodon": "We will use Mastodon to talk with curious tasters.",
    },
    objective="More regular customers",
    persona="Léa, new to filter coffee",
    persona_summary="Brews at home, asks a lot, trusts people who show how it is done.",
    own_words="“It tastes like tea, in a good way.”",
    plan="Winter",
    gains="She sees the people behind her cup.",
    presence="Be there every week",
    presence_action="The editor shares one short text each week.",
    visits="Readers for the journal",
    visits_action="The editor links to the journal and says why it is worth reading.",
    photo="Photo",
    photo_text="Fresh from the roaster.",
    news="Winter blend",
    news_text="The winter blend is here: chocolate, orange, a long finish.",
    toot_text="The winter blend is here. Ask us anything.",
    forgotten="Closing early",
)
FRENCH = Words(
    workspace="Cafés Roche",
    brand="Maison Roche",
    purpose="Gagner des clients fidèles",
    missions={
        "instagram": "Nous montrons sur Instagram notre culture à celles et ceux qui aiment le café.",
        "linkedin": "Nous expliquons sur LinkedIn aux bureaux comment naît un bon café.",
        "mastodon": "Nous parlons sur Mastodon avec les curieux du goût.",
    },
    objective="Plus de clients fidèles",
    persona="Léa, curieuse du café filtre",
    persona_summary="Elle prépare son café chez elle et pose beaucoup de questions.",
    own_words="« On dirait du thé, mais en bien. »",
    plan="Hiver",
    gains="Elle voit les personnes derrière sa tasse.",
    presence="Être là chaque semaine",
    presence_action="La rédaction partage un court texte chaque semaine.",
    visits="Des lecteurs pour le journal",
    visits_action="La rédaction renvoie au journal et dit pourquoi le lire.",
    photo="Cliché",
    photo_text="Tout juste sorti du torréfacteur.",
    news="Assemblage d’hiver",
    news_text="L’assemblage d’hiver est là : chocolat, orange, une longue finale.",
    toot_text="L’assemblage d’hiver est là. Posez vos questions.",
    forgotten="Fermeture avancée",
)
SPOKEN = {"en": ENGLISH, "fr": FRENCH}
