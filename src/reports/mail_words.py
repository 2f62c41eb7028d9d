# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the mails in the languages of the team. `{…}` is filled in where a sentence is used."""

from __future__ import annotations

from collections.abc import Mapping

Languages = tuple[str, str, str, str]
"""Catalan, Spanish, English, German."""

MAIL_WORDS: Mapping[str, Languages] = {
    # Titles
    "daily": ("Informe diari", "Informe diario", "Daily report", "Tagesbericht"),
    "weekly": ("Informe setmanal", "Informe semanal", "Weekly report", "Wochenbericht"),
    "at_glance": ("D’un cop d’ull", "De un vistazo", "At a glance", "Auf einen Blick"),
    "states": ("Participants", "Participantes", "Participants", "Teilnehmende"),
    "entry": ("L’entrada", "La entrada", "The way in", "Der Weg hinein"),
    "tables": ("Qui participa", "Quién participa", "Who takes part", "Wer mitmacht"),
    "balance": ("Equilibri entre grups", "Equilibrio entre grupos", "Balance between groups", "Gruppen im Vergleich"),
    "answered_by": (
        "Converses respostes per persona",
        "Conversaciones respondidas por persona",
        "Dialogues answered per person",
        "Beantwortete Dialoge je Person",
    ),
    "open": ("Converses obertes", "Conversaciones abiertas", "Open dialogues", "Offene Dialoge"),
    "languages": ("Llengües i freqüències", "Idiomas y frecuencias", "Languages and frequencies", "Sprachen, Abstände"),
    "drops": ("On es perd la gent", "Dónde se pierde la gente", "Where people are lost", "Wo Menschen verloren gehen"),
    "wrong": ("Què ha fallat", "Qué ha fallado", "What went wrong", "Was schiefging"),
    "notes": ("Com llegir-ho", "Cómo leerlo", "How to read this", "Wie das zu lesen ist"),
    # Columns
    "total": ("total", "total", "total", "gesamt"),
    "week": ("7 dies", "7 días", "7 days", "7 Tage"),
    "day": ("24 h", "24 h", "24 h", "24 h"),
    "people": ("persones", "personas", "people", "Personen"),
    "still_active": ("encara actives", "aún activas", "still active", "noch aktiv"),
    "mean_answered": ("respostes per persona", "respondidas por persona", "answered each", "beantwortet je Person"),
    "now": ("ara", "ahora", "now", "jetzt"),
    "over_day": ("fa més de 24 h", "hace más de 24 h", "over 24 h", "über 24 h"),
    "over_week": ("fa més de 7 dies", "hace más de 7 días", "over 7 days", "über 7 Tage"),
    "dialogue": ("conversa", "conversación", "dialogue", "Dialog"),
    "reached": ("començada", "empezada", "reached", "begonnen"),
    "answered": ("resposta", "respondida", "answered", "beantwortet"),
    "median": ("mediana", "mediana", "median", "Median"),
    "waiting": ("en espera", "en espera", "waiting", "wartet"),
    "paused": ("en pausa", "en pausa", "paused", "pausiert"),
    "blocked": ("han bloquejat", "han bloqueado", "blocked", "blockiert"),
    "left": ("han marxat", "se han ido", "left", "ausgetreten"),
    # States
    "undecided": ("encara sense consentiment", "aún sin consentimiento", "no consent yet", "noch nicht zugestimmt"),
    "active": ("actives", "activas", "active", "aktiv"),
    "silent": ("… de les quals callades", "… de ellas calladas", "… of these silent", "… davon still"),
    # The way in
    "started": ("benvinguda començada", "bienvenida empezada", "welcome started", "Begrüßung begonnen"),
    "consented": ("consentiment donat", "consentimiento dado", "consent given", "zugestimmt"),
    "refused": ("consentiment refusat", "consentimiento rechazado", "consent refused", "abgelehnt"),
    "open_decision": ("encara sense decidir", "aún sin decidir", "not decided yet", "noch nicht entschieden"),
    # Rows that the description does not name
    "other": ("una altra resposta", "otra respuesta", "another answer", "andere Antwort"),
    "untold": ("no ho han dit", "no lo han dicho", "not told", "keine Angabe"),
    "all": ("totes", "todas", "all", "alle"),
    "no_category": ("altres", "otras", "other", "andere"),
    "language": ("llengua", "idioma", "language", "Sprache"),
    "frequency": ("un relat cada", "un relato cada", "a story every", "eine Geschichte alle"),
    "hours": ("{n} h", "{n} h", "{n} h", "{n} h"),
    "outside": (
        "Fora de la seqüència, quan la gent vol",
        "Fuera de la secuencia, cuando la gente quiere",
        "Outside the sequence, when people wish",
        "Außerhalb der Abfolge, wenn Menschen es wünschen",
    ),
    # What went wrong
    "warnings": ("avisos al registre", "avisos en el registro", "warnings in the log", "Warnungen im Protokoll"),
    "errors": ("errors al registre", "errores en el registro", "errors in the log", "Fehler im Protokoll"),
    "failed": (
        "missatges que no s’han pogut enviar",
        "mensajes que no se pudieron enviar",
        "messages that could not be sent",
        "Nachrichten, die nicht ankamen",
    ),
    "starts": ("arrencades del bot", "arranques del bot", "starts of the bot", "Starts des Bots"),
    "late": (
        "persones que esperen un missatge més de 5 min",
        "personas que esperan un mensaje más de 5 min",
        "people waiting over 5 min for a message",
        "Personen, die über 5 min auf eine Nachricht warten",
    ),
    "retried": (
        "persones amb un missatge que es torna a provar",
        "personas con un mensaje que se reintenta",
        "people with a message that is tried again",
        "Personen mit einer Nachricht, die nochmals versucht wird",
    ),
    "no_log": (
        "En aquesta màquina no hi ha registre del bot.",
        "En esta máquina no hay registro del bot.",
        "There is no log of the bot on this machine.",
        "Auf dieser Maschine liegt kein Protokoll des Bots.",
    ),
    "well": ("El bot va bé.", "El bot va bien.", "The bot is well.", "Dem Bot geht es gut."),
    "unwell": (
        "El bot no va bé: {worries}.",
        "El bot no va bien: {worries}.",
        "The bot is not well: {worries}.",
        "Dem Bot geht es nicht gut: {worries}.",
    ),
    "worry_away": (
        "la base de dades no respon",
        "la base de datos no responde",
        "the database does not answer",
        "die Datenbank antwortet nicht",
    ),
    "worry_full": (
        "la base de dades no pot escriure",
        "la base de datos no puede escribir",
        "the database cannot write",
        "die Datenbank kann nicht schreiben",
    ),
    "worry_missing": (
        "no hi ha cap bot en marxa",
        "no hay ningún bot en marcha",
        "no bot runs",
        "es läuft kein Bot",
    ),
    "worry_late": (
        "va endarrerit (vegeu main.py --health)",
        "va con retraso (véase main.py --health)",
        "it is late (see main.py --health)",
        "er ist im Rückstand (siehe main.py --health)",
    ),
    # Sentences
    "glance_people": (
        "{people} persones, {active} actives; {new} noves en 24 h.",
        "{people} personas, {active} activas; {new} nuevas en 24 h.",
        "{people} people, {active} active; {new} new in 24 h.",
        "{people} Personen, {active} aktiv; {new} neu in 24 h.",
    ),
    "glance_finished": (
        "{day} converses respostes en 24 h, {week} en 7 dies.",
        "{day} conversaciones respondidas en 24 h, {week} en 7 días.",
        "{day} dialogues answered in 24 h, {week} in 7 days.",
        "{day} Dialoge in 24 h beantwortet, {week} in 7 Tagen.",
    ),
    "nobody": ("Encara ningú.", "Aún nadie.", "Nobody yet.", "Noch niemand."),
    "none_open": ("Cap.", "Ninguna.", "None.", "Keine."),
    "as_of": ("Estat: {time}", "Estado: {time}", "As of {time}", "Stand: {time}"),
}

NOTES: tuple[Languages, ...] = (
    (
        "«<{n}» vol dir: més de zero i menys de {n} persones; «≥{n}» amaga un grup perquè un altre no es pugui calcular.",
        "«<{n}» significa: más de cero y menos de {n} personas; «≥{n}» oculta un grupo para que otro no se pueda calcular.",
        "“<{n}” means: more than none and fewer than {n} people; “≥{n}” hides a group so that another cannot be computed.",
        "„<{n}“ heißt: mehr als null und weniger als {n} Personen; „≥{n}“ verdeckt eine Gruppe, damit sich eine andere "
        "nicht errechnen lässt.",
    ),
    (
        "Cada conversa: començada = resposta + en espera + en pausa + bloquejat + marxat, per persones; el motiu és el "
        "d’ara: quan va canviar abans, no se sap. La mediana va del principi al final, de les respostes.",
        "Cada conversación: empezada = respondida + en espera + en pausa + bloqueado + ido, por personas; el motivo es el "
        "de ahora: cuándo cambió antes no se sabe. La mediana va del principio al final, de las respondidas.",
        "Each dialogue: reached = answered + waiting + paused + blocked + left, counted in people; the reason is that of "
        "now: what it was earlier is not known. The median is from begin to end, of answered ones.",
        "Jeder Dialog: begonnen = beantwortet + wartet + pausiert + blockiert + ausgetreten, nach Personen; der Grund ist "
        "der jetzige: welcher es früher war, ist nicht bekannt. Median von Anfang bis Ende, der beantworteten.",
    ),
    (
        "«24 h» i «7 dies» a les taules de persones: quan ho van dir. Qui s’ha esborrat no compta enlloc.",
        "«24 h» y «7 días» en las tablas de personas: cuándo lo dijeron. Quien se borró no cuenta en ningún sitio.",
        "“24 h” and “7 days” in tables about people: when they told it. Whoever had themselves erased counts nowhere.",
        "„24 h“ und „7 Tage“ in Tabellen über Personen: wann sie es sagten. Wer sich löschen ließ, zählt nirgends.",
    ),
)

WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "ca": ("dl.", "dt.", "dc.", "dj.", "dv.", "ds.", "dg."),
    "es": ("lu", "ma", "mi", "ju", "vi", "sá", "do"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
}
