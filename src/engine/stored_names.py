# SPDX-License-Identifier: GPL-3.0-or-later
"""What the bot calls the things that it stores, in people's own words: for the page on which they read them."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("ca", "es", "en", "de")
"""The order of the words below. Whoever reads another language gets the English ones."""

NAMES: Mapping[str, tuple[str, str, str, str]] = {
    # Who they are
    "_id": ("Identificador", "Identificador", "Identifier", "Kennung"),
    "Tele_id": ("Número a Telegram", "Número en Telegram", "Number at Telegram", "Nummer bei Telegram"),
    "participant": ("Identificador", "Identificador", "Identifier", "Kennung"),
    "who": ("De qui és", "De quién es", "Whose it is", "Wem es gehört"),
    # Where they stand
    "status": ("Participació", "Participación", "Taking part", "Teilnahme"),
    "language": ("Llengua", "Idioma", "Language", "Sprache"),
    "freq": ("Hores entre relats", "Horas entre relatos", "Hours between stories", "Stunden zwischen Geschichten"),
    "rhythm": ("Segons entre relats", "Segundos entre relatos", "Seconds between stories", "Sekunden dazwischen"),
    "horari_relats": ("Moment del dia", "Momento del día", "Time of day for stories", "Tageszeit für Geschichten"),
    "timeshift_in_seconds": (
        "Diferència amb el rellotge de l’estudi (segons)",
        "Diferencia con el reloj del estudio (segundos)",
        "Difference to the study’s clock (seconds)",
        "Unterschied zur Uhr der Studie (Sekunden)",
    ),
    "points": ("Punts", "Puntos", "Points", "Punkte"),
    "games_done": ("Converses acabades", "Conversaciones terminadas", "Finished conversations", "Beendete Gespräche"),
    "absence": ("Absència", "Ausencia", "Absence", "Abwesenheit"),
    "absent_since": ("Absència des de", "Ausencia desde", "Absent since", "Abwesend seit"),
    "reachable": ("Et podem escriure", "Podemos escribirte", "We can write to you", "Wir können dir schreiben"),
    "erasing": ("S’està esborrant", "Se está borrando", "Being erased", "Wird gerade gelöscht"),
    "heard_at": ("Última vegada que has escrit", "Última vez que escribiste", "Last heard of you", "Zuletzt gehört"),
    # What is planned for them
    "end_of_last_game_of_type_CT": (
        "Final de l’últim relat",
        "Final del último relato",
        "End of the last story",
        "Ende der letzten Geschichte",
    ),
    "dialogue_at": ("Pròxima conversa", "Próxima conversación", "Next conversation", "Nächstes Gespräch"),
    "outbox_at": ("Pròxim missatge", "Próximo mensaje", "Next message", "Nächste Nachricht"),
    "next_at": ("Pròxima cosa prevista", "Próxima cosa prevista", "Next thing planned", "Nächstes, was ansteht"),
    "held_until": ("Res abans de", "Nada antes de", "Nothing before", "Nichts vor"),
    "message_id": ("Número del missatge", "Número del mensaje", "Number of the message", "Nummer der Nachricht"),
    "updates": ("Missatges ja llegits", "Mensajes ya leídos", "Messages already read", "Schon gelesene Nachrichten"),
    "version": ("Canvis desats", "Cambios guardados", "Saved changes", "Gespeicherte Änderungen"),
    "dnd": ("No molestar", "No molestar", "Do not disturb", "Nicht stören"),
    "game_dnd": ("Sense converses", "Sin conversaciones", "No conversations", "Keine Gespräche"),
    # A conversation
    "gameId": ("Conversa", "Conversación", "Conversation", "Gespräch"),
    "players": ("Qui hi pren part", "Quién participa", "Who takes part", "Wer mitmacht"),
    "answers": ("Respostes", "Respuestas", "Answers", "Antworten"),
    "given": ("Respostes, en ordre", "Respuestas, en orden", "Answers in their order", "Antworten der Reihe nach"),
    "timestamps_answers": ("Respost", "Respondido", "Answered", "Beantwortet"),
    "timestamps_sent_messages": ("Enviat", "Enviado", "Sent", "Gesendet"),
    "start_time": ("Inici", "Inicio", "Begun", "Beginn"),
    "end_time": ("Final", "Final", "Ended at", "Ende"),
    "ended": ("Acabada", "Terminada", "Finished", "Beendet"),
    "over": ("No es pregunta res més", "No se pregunta nada más", "Nothing more is asked", "Nichts mehr gefragt"),
    "unfinished_because": ("Per què no es va acabar", "Por qué no se terminó", "Why unfinished", "Warum unbeendet"),
    "actions": ("Què en resulta", "Qué resulta", "What follows", "Was daraus folgt"),
    "revision": ("Versió del text", "Versión del texto", "Version of the text", "Fassung des Textes"),
    "skip_status": ("Omesa", "Omitida", "Skipped", "Übersprungen"),
    "skip_waiting": ("Espera omesa", "Espera omitida", "Waiting skipped", "Warten übersprungen"),
    "custom_data": ("Altres dades", "Otros datos", "Other data", "Weitere Daten"),
    "last_message": ("On ets", "Dónde estás", "Where you are", "Wo du bist"),
    "messages_ids": ("Pregunta oberta", "Pregunta abierta", "Open question", "Offene Frage"),
    "edit_msg_ident": ("Missatge amb botons", "Mensaje con botones", "Message with buttons", "Nachricht mit Knöpfen"),
    "question_after": ("Missatge anterior", "Mensaje anterior", "Message before it", "Nachricht davor"),
    "ignore": ("No es té en compte", "No se tiene en cuenta", "Passed over", "Wird übergangen"),
    "ca_complete": ("Pregunta completa", "Pregunta completa", "Question complete", "Frage vollständig"),
    "remind_at": ("Recordatori", "Recordatorio", "Reminder", "Erinnerung"),
    "reminded": ("Recordatoris enviats", "Recordatorios enviados", "Reminders sent", "Gesendete Erinnerungen"),
    "reminded_at": ("Últim recordatori", "Último recordatorio", "Last reminder", "Letzte Erinnerung"),
    "since": ("Interrompuda des de", "Interrumpida desde", "Interrupted since", "Unterbrochen seit"),
    "why": ("Per què", "Por qué", "Why", "Warum"),
    "unsent": ("Encara no enviat", "Aún no enviado", "Not sent yet", "Noch nicht gesendet"),
    "by_day": ("Només de dia", "Solo de día", "Only by day", "Nur tagsüber"),
    # A conversation for two
    "pair": ("L’altra persona", "La otra persona", "The other person", "Die andere Person"),
    "role": ("Torn (0 comença)", "Turno (0 empieza)", "Turn (0 begins)", "Reihenfolge (0 beginnt)"),
    "deadline": ("S’espera fins a", "Se espera hasta", "Waited for until", "Gewartet wird bis"),
    "invites": ("És una invitació", "Es una invitación", "Is an invitation", "Ist eine Einladung"),
    "told": ("Avisos a l’altra persona", "Avisos a la otra persona", "News sent to them", "Mitteilungen an sie"),
    "triggered": ("Missatges que ha enviat", "Mensajes que ha enviado", "Messages they sent", "Was sie geschickt hat"),
    "compared": ("Has contestat i esperes", "Has contestado y esperas", "You answered and wait", "Du wartest auf sie"),
    "partner_over": ("Ha acabat", "Ha terminado", "They have finished", "Sie ist fertig"),
    "invited_at": ("Última invitació", "Última invitación", "Last invitation", "Letzte Einladung"),
    "waits_for": (
        "Conversa que espera parella",
        "Conversación que espera",
        "Waits for a partner",
        "Wartet zu zweit auf",
    ),
    "waits_from": ("Es pot convidar des de", "Se puede invitar desde", "May be asked from", "Einladung frühestens"),
    "recent_news": ("Avisos rebuts", "Avisos recibidos", "News received", "Erhaltene Mitteilungen"),
    # An answer, a text, a message
    "message": ("Missatge", "Mensaje", "Message", "Nachricht"),
    "name": ("Nom", "Nombre", "Name", "Name"),
    "value": ("Valor", "Valor", "Value", "Wert"),
    "typed": ("Escrit", "Escrito", "Typed", "Geschrieben"),
    "asked_at": ("Preguntat", "Preguntado", "Asked", "Gefragt"),
    "answered_at": ("Respost", "Respondido", "Answered", "Beantwortet"),
    "time": ("Quan", "Cuándo", "When", "Wann"),
    "text": ("Text", "Texto", "Text", "Text"),
    "id": ("Número", "Número", "Number", "Nummer"),
    "kind": ("Mena", "Tipo", "Kind", "Art"),
    "buttons": ("Botons", "Botones", "Buttons", "Knöpfe"),
    "label": ("Etiqueta", "Etiqueta", "Label", "Aufschrift"),
    "file": ("Fitxer", "Archivo", "File", "Datei"),
    "pause": ("Pausa abans (segons)", "Pausa antes (segundos)", "Pause before (seconds)", "Pause davor (Sekunden)"),
    "run": ("Conversa", "Conversación", "Conversation", "Gespräch"),
    "asks": ("És una pregunta", "Es una pregunta", "Is a question", "Ist eine Frage"),
    "tries": ("Intents fallits", "Intentos fallidos", "Failed attempts", "Fehlversuche"),
    "job": ("Enviament a tothom", "Envío a todos", "Message to everybody", "Nachricht an alle"),
    # What comes to everybody, and what only admins have
    "receipts": ("Enviaments a tothom", "Envíos a todos", "Messages to everybody", "Nachrichten an alle"),
    "outcome": ("Què n’ha estat", "Qué ha sido de él", "What became of it", "Was daraus wurde"),
    "admin": ("Administració", "Administración", "Administrator", "Verwaltung"),
    "until": ("Fins a", "Hasta", "Until", "Bis"),
    "made_at": ("Fet", "Hecho", "Made", "Erstellt"),
    "state": ("Estat", "Estado", "State", "Stand"),
    "game": ("Conversa", "Conversación", "Conversation", "Gespräch"),
    "texts": ("Textos", "Textos", "Texts", "Texte"),
    "doubts": ("Intents incerts", "Intentos inciertos", "Uncertain attempts", "Unklare Versuche"),
    # What an older bot wrote and nobody can make sense of
    "as_left": ("De l’antic bot", "Del antiguo bot", "Left by the old bot", "Vom alten Bot übrig"),
    "entry": ("Entrada", "Entrada", "Entry", "Eintrag"),
}

VALUES: Mapping[tuple[str, str], tuple[str, str, str, str]] = {
    ("status", "0"): ("encara no", "todavía no", "not yet", "noch nicht"),
    ("status", "1"): ("sí", "sí", "yes", "ja"),
    ("status", "2"): ("en pausa", "en pausa", "paused", "Pause"),
    ("status", "3"): ("ho has deixat", "lo has dejado", "you have left", "beendet"),
    ("absence", "paused"): ("en pausa", "en pausa", "paused", "Pause"),
    ("absence", "unreachable"): ("no et podem escriure", "no podemos escribirte", "out of reach", "nicht erreichbar"),
    ("absence", "left"): ("ho has deixat", "lo has dejado", "you have left", "beendet"),
    ("absence", "silent"): ("sense resposta", "sin respuesta", "no answer", "keine Antwort"),
    ("horari_relats", "Ma"): ("al matí", "por la mañana", "in the morning", "morgens"),
    ("horari_relats", "MD"): ("al migdia", "a mediodía", "at midday", "mittags"),
    ("horari_relats", "Ta"): ("al vespre", "por la tarde", "in the evening", "abends"),
    ("horari_relats", "TD"): ("tot el dia", "todo el día", "at any time", "jederzeit"),
    ("outcome", "queued"): ("en camí", "en camino", "on its way", "unterwegs"),
    ("outcome", "sent"): ("enviat", "enviado", "sent", "gesendet"),
    ("outcome", "skipped"): ("no enviat", "no enviado", "not sent", "nicht gesendet"),
    ("outcome", "blocked"): ("no et podíem escriure", "no podíamos escribirte", "out of reach", "nicht erreichbar"),
    ("outcome", "failed"): ("no ha arribat", "no ha llegado", "has not arrived", "nicht angekommen"),
    ("outcome", "withdrawn"): ("retirat", "retirado", "taken back", "zurückgenommen"),
    ("", "True"): ("sí", "sí", "yes", "ja"),
    ("", "False"): ("no", "no", "no", "nein"),
}
"""What values of some fields mean; an empty field stands for yes and no everywhere."""


def name_in(language: str, name: str) -> str:
    """Return what people read for the name of a field; one that is not ours is told as it is."""
    return _in(language, NAMES[name]) if name in NAMES else name


def value_in(language: str, name: str, value: object) -> str:
    """Return what people read for a value of the field with this name."""
    meaning = VALUES.get(("" if isinstance(value, bool) else name, str(value)))
    return _in(language, meaning) if meaning else str(value)


def _in(language: str, words: tuple[str, str, str, str]) -> str:
    return words[LANGUAGES.index(language if language in LANGUAGES else "en")]
