"""What the demonstration workspace says: a coffee roaster in Nantes and its café in Lyon, in English or in French."""

# ruff: noqa: E501, S105 -- prose, and a password that is printed on purpose
# fmt: off

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One sentence in both languages."""

    en: str
    fr: str

    def __call__(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


W = Words

PEOPLE = {
    "admin": ("Camille Morvan", "camille@demo.sextant.example"),
    "manager": ("Nadia Benali", "nadia@demo.sextant.example"),
    "editor": ("Tom Le Goff", "tom@demo.sextant.example"),
    "guest": ("Hélène Roussel", "helene@demo.sextant.example"),
}
PASSWORD = "six-steps-to-steer-by"

WORKSPACE = "Rive Noire"
BRAND = "Rive Noire"
BRANCH = "Rive Noire Lyon"
WEBSITE = "https://rivenoire.example"


@dataclass(frozen=True)
class Account:
    network: str
    handle: str
    owner: str
    purpose: Words
    mission: Words
    color: int
    followers: int
    daily: float


ACCOUNTS = (
    Account(
        "instagram", "rivenoire", "editor",
        W("Show the roastery and the people behind the coffee", "Montrer l’atelier et celles et ceux qui font le café"),
        W("We use Instagram to show how we roast, so that people who are new to good coffee feel invited in.",
          "Sur Instagram, nous montrons comment nous torréfions, pour que les nouveaux amateurs se sentent les bienvenus."),
        0, 4180, 9.5),
    Account(
        "linkedin", "rive-noire", "manager",
        W("Win offices and restaurants as customers", "Gagner des bureaux et des restaurants comme clients"),
        W("We use LinkedIn to help office and restaurant managers serve better coffee, and to earn a first conversation.",
          "Sur LinkedIn, nous aidons bureaux et restaurants à servir un meilleur café et gagnons un premier échange."),
        1, 860, 3.1),
    Account(
        "mastodon", "rivenoire@coffee.example", "editor",
        W("Talk with home brewers", "Échanger avec celles et ceux qui préparent leur café chez eux"),
        W("We use Mastodon to answer home brewers in public, honestly and with numbers.",
          "Sur Mastodon, nous répondons en public aux amateurs, franchement et chiffres à l’appui."),
        2, 512, 2.2),
    Account(
        "facebook", "rivenoire.nantes", "editor",
        W("", ""),
        W("", ""),
        3, 2310, -0.6),
)


@dataclass(frozen=True)
class PersonaWords:
    name: Words
    summary: Words
    ages: tuple[int, int]
    place: Words
    job: Words
    interests: Words
    pain_points: Words
    motivations: Words
    own_words: Words
    channels: dict[str, tuple[str, Words, Words]]  # network: presence, how they use it, when and why they share


PERSONAS = (
    PersonaWords(
        W("Léa, new to good coffee", "Léa, nouvelle amatrice"),
        W("Rents a small flat in Nantes, bought her first grinder last spring, and wants to understand what she tastes.",
          "Locataire à Nantes, elle a acheté son premier moulin au printemps et veut comprendre ce qu’elle goûte."),
        (24, 34), W("Nantes, city center", "Nantes, centre-ville"), W("Graphic designer", "Graphiste"),
        W("Cooking, ceramics, cycling to the market on Saturdays", "La cuisine, la céramique, le marché à vélo le samedi"),
        W("Labels full of jargon; afraid of asking a silly question at the counter",
          "Des étiquettes pleines de jargon ; la peur de poser une question bête au comptoir"),
        W("To make a cup at home that friends remember", "Préparer chez elle une tasse dont ses amis se souviennent"),
        W("“Is it normal that it tastes like tea?” · “not bitter” · “my Sunday coffee”",
          "« C’est normal que ça ait un goût de thé ? » · « pas amer » · « mon café du dimanche »"),
        {"instagram": ("yes", W("Saves how-to reels and shows them to friends", "Enregistre des tutoriels et les montre à ses amis"),
                       W("Sunday mornings, when the cup is worth a photo", "Le dimanche matin, quand la tasse mérite une photo")),
         "mastodon": ("no", W("", ""), W("", "")),
         "linkedin": ("yes", W("Looks for her next client", "Y cherche ses prochains clients"), W("", ""))},
    ),
    PersonaWords(
        W("Marc, runs an office of forty", "Marc, responsable de bureaux"),
        W("Office manager of an engineering firm in Lyon; the machine in the kitchen is what he hears about most.",
          "Responsable des services généraux d’un bureau d’études lyonnais ; on lui parle surtout de la machine à café."),
        (38, 55), W("Lyon, Part-Dieu", "Lyon, Part-Dieu"), W("Office manager", "Responsable des services généraux"),
        W("Well-run places, cycling, his colleagues’ good mood", "Les lieux bien tenus, le vélo, la bonne humeur des collègues"),
        W("Contracts nobody can leave; capsules and the waste they make", "Des contrats impossibles à quitter ; les capsules et leurs déchets"),
        W("Coffee that people come to the office for, at a price he can explain",
          "Un café pour lequel on vient au bureau, à un prix qu’il sait expliquer"),
        W("“What does a cup really cost?” · “no subscription trap”", "« Combien coûte vraiment une tasse ? » · « sans abonnement piège »"),
        {"linkedin": ("yes", W("Reads at lunch, asks peers for suppliers", "Lit à midi, demande des fournisseurs à ses pairs"),
                      W("Tuesday to Thursday, when something saved him time", "Du mardi au jeudi, quand quelque chose lui a fait gagner du temps")),
         "instagram": ("unknown", W("", ""), W("", ""))},
    ),
)

OBJECTIVES = (
    (W("Forty new office customers by the end of the year", "Quarante nouveaux clients bureaux d’ici la fin de l’année"),
     W("Offices pay every month and talk to one another.", "Les bureaux paient chaque mois et se parlent entre eux.")),
    (W("A third of sales from the online shop", "Un tiers des ventes par la boutique en ligne"),
     W("Sales that do not depend on who walks past the door.", "Des ventes qui ne dépendent pas du passage devant la porte.")),
)

PLAN = W("Social media plan, autumn and winter", "Plan médias sociaux, automne et hiver")

WHY = W("The first plan that we all work by.", "Le premier plan que nous suivons tous.")
SECTIONS = {  # step: what the plan said when it was published, and what it says since
    1: (W("We want offices to know us before they look for a supplier.\n\n- Show how we work, not what we sell\n- Three photos a week, no more",
          "Nous voulons que les bureaux nous connaissent avant de chercher un fournisseur.\n\n- Montrer comment nous travaillons, pas ce que nous vendons\n- Trois photos par semaine, pas davantage"),
        W("We want offices to know us before they look for a supplier.\n\n- Show how we work, not what we sell\n- Three photos and one short video a week\n- Every question is answered within a day",
          "Nous voulons que les bureaux nous connaissent avant de chercher un fournisseur.\n\n- Montrer comment nous travaillons, pas ce que nous vendons\n- Trois photos et une courte vidéo par semaine\n- Toute question reçoit sa réponse dans la journée")),
    5: (W("Tom writes on Mondays, Nadia reads on Tuesdays.", "Tom écrit le lundi, Nadia relit le mardi."),
        W("Tom writes on Mondays, Nadia reads on Tuesdays, the shop adds its own photos.",
          "Tom écrit le lundi, Nadia relit le mardi, la boutique ajoute ses propres photos.")),
}

CONTENT_KINDS = (
    (W("From the roastery", "À l’atelier"), 4),
    (W("How to brew", "Préparer son café"), 5),
    (W("Customers’ stories", "Histoires de clients"), 6),
    (W("Offers", "Offres"), 7),
)

MATRICES = {  # network: planned shares of the content types, in percent; "": the brand's own
    "": (50, 30, 10, 10),
    "linkedin": (30, 0, 50, 20),
}

CAMPAIGN = (
    W("The winter box", "Le coffret d’hiver"),
    W("Sell two hundred boxes of three coffees and a cup before the holidays.",
      "Vendre deux cents coffrets de trois cafés et une tasse avant les fêtes."),
    1200, 7)
CAMPAIGN_KINDS = (3,)  # the content types whose posts belong to it: offers

PostWords = tuple[Words, Words, int, str, tuple[str, ...]]  # working title, text, content type, format, networks

POSTS: tuple[PostWords, ...] = (
    (W("First crack", "Premier crac"),
     W("Eleven minutes in, the beans start to talk. We wait ninety seconds more and open the door: that is our house blend.",
       "Onze minutes, et le grain se met à parler. Quatre-vingt-dix secondes encore, on ouvre : c’est notre mélange maison."),
     0, "photo", ("instagram", "facebook")),
    (W("The grinder question", "La question du moulin"),
     W("Which grinder for a first setup? We measured five under 200 euros: even grounds matter more than the price tag.",
       "Quel moulin pour débuter ? Nous en avons mesuré cinq à moins de 200 euros : la régularité compte plus que le prix."),
     1, "text", ("mastodon",)),
    (W("A cup for forty people", "Une tasse pour quarante personnes"),
     W("An office of forty drinks about 70 cups a day. With a filter machine that is 31 cents a cup, beans and paper included.",
       "Un bureau de quarante personnes boit environ 70 tasses par jour. Au filtre : 31 centimes la tasse, papier compris."),
     2, "link", ("linkedin",)),
    (W("Saturday at the counter", "Samedi au comptoir"),
     W("Ask Inès anything. The question of the week: “is it normal that it tastes like tea?” It is, and here is why.",
       "Posez toutes vos questions à Inès. Celle de la semaine : « c’est normal, ce goût de thé ? » Oui, et voici pourquoi."),
     0, "photo", ("instagram",)),
    (W("Water, the forgotten half", "L’eau, la moitié oubliée"),
     W("Hard water flattens a good coffee. One part tap, two parts filtered: taste both tomorrow morning and tell us.",
       "Une eau dure éteint un bon café. Un tiers du robinet, deux tiers filtrés : goûtez demain et racontez-nous."),
     1, "photo", ("instagram", "mastodon")),
    (W("Why we print the price", "Pourquoi nous affichons le prix"),
     W("What the farmer got stands on every bag. For this lot: 8.40 euros a kilo, paid in March, before the harvest.",
       "Ce que touche le producteur est écrit sur chaque paquet. Pour ce lot : 8,40 euros le kilo, payés en mars."),
     0, "photo", ("instagram", "linkedin", "facebook")),
    (W("Leaving capsules behind", "Quitter les capsules"),
     W("A customer of ours left capsules in May: 1,900 fewer pieces of waste a month, and a queue at the new machine.",
       "Un client a quitté les capsules en mai : 1 900 déchets de moins par mois, et la queue devant la nouvelle machine."),
     2, "link", ("linkedin",)),
    (W("Pour-over in four minutes", "Le filtre en quatre minutes"),
     W("18 g, 300 g of water, four minutes. Pour slowly in the middle, wait until it sinks, pour again.",
       "18 g de café, 300 g d’eau, quatre minutes. Versez doucement au centre, laissez descendre, recommencez."),
     1, "video", ("instagram",)),
    (W("The winter box", "Le coffret d’hiver"),
     W("Three coffees, one cup by a potter from Clisson, 39 euros. Two hundred boxes, and then it is spring.",
       "Trois cafés, une tasse d’un potier de Clisson, 39 euros. Deux cents coffrets, et puis c’est le printemps."),
     3, "photo", ("instagram", "facebook")),
    (W("Open day for offices", "Portes ouvertes aux bureaux"),
     W("Thursday, 5 pm: taste three coffees and leave with the cost per cup for your office. Twelve seats.",
       "Jeudi, 17 h : goûtez trois cafés et repartez avec le coût par tasse pour vos bureaux. Douze places."),
     3, "text", ("linkedin",)),
    (W("Green beans, brown sacks", "Grains verts, sacs bruns"),
     W("The new lot from Huila is here: 23 sacks, and a smell of hay and apricot in the whole street.",
       "Le nouveau lot de Huila est là : 23 sacs, et une odeur de foin et d’abricot dans toute la rue."),
     0, "photo", ("instagram",)),
    (W("What is a roast date for?", "À quoi sert la date de torréfaction ?"),
     W("Between 7 and 30 days after roasting coffee is at its best. Before that it still breathes; later it fades.",
       "Entre 7 et 30 jours après la torréfaction, le café est au mieux. Avant, il respire encore ; après, il s’éteint."),
     1, "text", ("mastodon",)),
)


@dataclass(frozen=True)
class GoalWords:
    title: Words
    action: Words
    network: str
    answers: tuple[tuple[int, Words], ...]  # persona, how does this help reach them


GOALS = (
    GoalWords(
        W("Show how we work, on Instagram", "Montrer notre travail, sur Instagram"),
        W("The shop team shares photos that convey the culture of the roastery: hands, faces, mistakes.",
          "L’équipe de la boutique partage des photos qui disent la culture de l’atelier : mains, visages, ratés."),
        "instagram",
        ((0, W("Léa trusts people whom she has seen at work.", "Léa fait confiance à des gens qu’elle a vus travailler.")),)),
    GoalWords(
        W("Be read by office managers, on LinkedIn", "Être lus par les responsables de bureaux, sur LinkedIn"),
        W("Nadia publishes what a cup really costs, with figures from our own customers.",
          "Nadia publie ce que coûte vraiment une tasse, avec les chiffres de nos clients."),
        "linkedin",
        ((1, W("Marc looks for figures that he can show to his director.", "Marc cherche des chiffres à montrer à sa direction.")),)),
    GoalWords(
        W("Grow a conversation with home brewers, on Mastodon", "Faire grandir la conversation, sur Mastodon"),
        W("Tom answers one question a week in public and measures what he claims.",
          "Tom répond chaque semaine en public à une question, mesures à l’appui."),
        "mastodon",
        ((0, W("Her questions get answers that she can find again.", "Ses questions reçoivent des réponses qu’elle peut retrouver.")),)),
)

CAMPAIGN_GOAL = GoalWords(
    W("Fill the winter box’s weeks, on Instagram", "Faire vivre le coffret d’hiver, sur Instagram"),
    W("Tom shows the box, the potter and the three coffees, each time with the way to order.",
      "Tom montre le coffret, le potier et les trois cafés, en disant chaque fois comment commander."),
    "instagram",
    ((0, W("Léa looks for a present that says something about her.", "Léa cherche un cadeau qui parle d’elle.")),))

AUDIT = W("Autumn audit", "Audit d’automne")
REVIEWS = {
    "instagram": ("keep", W("Reaches Léa, and she answers.", "Touche Léa, et elle répond.")),
    "linkedin": ("improve", W("The right readers, too rarely: once a week from now on.", "Les bons lecteurs, trop rarement : une fois par semaine désormais.")),
}
