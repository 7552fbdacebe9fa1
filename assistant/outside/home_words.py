"""What the states are called for people, in some languages: an attribute of the state's entity.

Decides only the words. Over MQTT a state is one word for automations, and Home Assistant has no
way to translate it; a dashboard shows the attribute of its own language instead.
"""

from assistant.coach.effects import Doing

WORDS: dict[Doing, dict[str, str]] = {
    Doing.WAITING: {"en": "Ready", "de": "Bereit", "fr": "Prêt", "es": "Listo"},
    Doing.LEADING: {
        "en": "Exercising",
        "de": "Es wird geübt",
        "fr": "Exercice en cours",
        "es": "Ejercicio en curso",
    },
    Doing.PAUSED: {"en": "Paused", "de": "Pause", "fr": "En pause", "es": "En pausa"},
    Doing.ASKING: {
        "en": "Asks something",
        "de": "Fragt etwas",
        "fr": "Pose une question",
        "es": "Hace una pregunta",
    },
    Doing.COOLING: {
        "en": "Ice is on",
        "de": "Eis liegt auf",
        "fr": "Glace posée",
        "es": "Hielo puesto",
    },
    Doing.WARMING: {
        "en": "Heat is on",
        "de": "Wärme liegt auf",
        "fr": "Chaleur posée",
        "es": "Calor puesto",
    },
    Doing.DUE: {
        "en": "Time to stand up",
        "de": "Zeit aufzustehen",
        "fr": "Il est temps de se lever",
        "es": "Hora de levantarse",
    },
    Doing.OVERDUE: {
        "en": "Still time to stand up",
        "de": "Immer noch Zeit aufzustehen",
        "fr": "Toujours temps de se lever",
        "es": "Sigue siendo hora de levantarse",
    },
    Doing.STANDING: {"en": "Standing", "de": "Steht", "fr": "Debout", "es": "De pie"},
    Doing.AWAY: {"en": "Nobody here", "de": "Niemand da", "fr": "Absent", "es": "Nadie aquí"},
}
