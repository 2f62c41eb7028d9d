# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the pictures and interactive pages in the languages of the team."""

from __future__ import annotations

from collections.abc import Mapping

Languages = tuple[str, str, str, str]
"""Catalan, Spanish, English, German."""

PICTURE_WORDS: Mapping[str, Languages] = {
    "growth": (
        "Participants al llarg del temps",
        "Participantes a lo largo del tiempo",
        "Participants over time",
        "Teilnehmende im Lauf der Zeit",
    ),
    "progress": (
        "Camí per la seqüència",
        "Camino por la secuencia",
        "Way through the sequence",
        "Der Weg durch die Abfolge",
    ),
    "retention": (
        "Qui es queda, per setmana d’entrada",
        "Quién se queda, por semana de entrada",
        "Who stays, by week of entry",
        "Wer bleibt, nach Woche des Eintritts",
    ),
    "answer_hours": (
        "Respostes per hora i dia de la setmana",
        "Respuestas por hora y día de la semana",
        "Answers by hour and weekday",
        "Antworten nach Stunde und Wochentag",
    ),
    "sankey": ("Perfils dobles", "Perfiles dobles", "Double profiles", "Doppelprofile"),
    "evolution": (
        "Camins per les converses",
        "Caminos por las conversaciones",
        "Ways through the dialogues",
        "Wege durch die Dialoge",
    ),
    "joined": ("persones fins ara", "personas hasta ahora", "people so far", "Personen bisher"),
    "week_of_entry": ("setmana d’entrada", "semana de entrada", "week of entry", "Woche des Eintritts"),
    "weeks_later": ("setmanes després", "semanas después", "weeks later", "Wochen später"),
    "answers": ("respostes", "respuestas", "answers", "Antworten"),
    "hour": ("hora", "hora", "hour", "Stunde"),
    "not_reached": ("encara no", "aún no", "not yet", "noch nicht"),
    "too_few": (
        "Grups de menys de {n} persones: encara no es dibuixen.",
        "Grupos de menos de {n} personas: aún no se dibujan.",
        "Groups of fewer than {n} people: not drawn yet.",
        "Gruppen unter {n} Personen: noch nicht gezeichnet.",
    ),
    "still_with_us": (
        "Percentatge que encara respon alguna cosa aquella setmana o més tard",
        "Porcentaje que aún responde algo esa semana o más tarde",
        "Per cent who still answer something in that week or later",
        "Prozent, die in dieser Woche oder später noch etwas beantworten",
    ),
    "sankey_note": (
        "{told} persones han respost totes les preguntes; {untold}, no. Franges de menys de {n} persones no es dibuixen.",
        "{told} personas respondieron a todas las preguntas; {untold}, no. Franjas de menos de {n} no se dibujan.",
        "{told} people answered all these questions, {untold} did not. Bands of fewer than {n} people are not drawn.",
        "{told} Personen haben alle diese Fragen beantwortet, {untold} nicht. Bänder unter {n} Personen fehlen.",
    ),
    "about": ("aprox. {n}", "aprox. {n}", "about {n}", "etwa {n}"),
    "ways_note": (
        "{shown} de {total} participants; cada línia és una persona, cada punt l’inici d’una conversa.",
        "{shown} de {total} participantes; cada línea es una persona, cada punto el inicio de una conversación.",
        "{shown} of {total} participants; each line is a person, each dot the begin of a dialogue.",
        "{shown} von {total} Teilnehmenden; jede Linie ist eine Person, jeder Punkt der Beginn eines Dialogs.",
    ),
    "thinned": (
        "Es dibuixa una persona de cada {n}, perquè el navegador vagi lleuger.",
        "Se dibuja una persona de cada {n}, para que el navegador vaya ligero.",
        "One person in {n} is drawn, so that the browser stays quick.",
        "Gezeichnet ist jede {n}. Person, damit der Browser schnell bleibt.",
    ),
    "silent_people": ("callades", "calladas", "silent", "still"),
    "status": ("estat", "estado", "status", "Stand"),
    "begin": ("inici", "inicio", "begin", "Beginn"),
    "end": ("final", "final", "end", "Ende"),
    "duration": ("durada", "duración", "duration", "Dauer"),
    "last_message": ("últim missatge", "último mensaje", "last message", "letzte Nachricht"),
    "unfinished": ("no acabada", "no terminada", "not finished", "nicht beendet"),
    "still_open": ("oberta", "abierta", "open", "offen"),
}
