# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot's own short sentences: what it says besides the dialogues. Adapt them here; keep the names on the left."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "buttons_only": {
        "ca": "Gràcies per escriure. Ara mateix només puc entendre els botons: prem-ne un de l’últim missatge, si "
        "us plau. No hi ha cap persona llegint aquest xat.",
        "es": "Gracias por escribir. Ahora mismo solo puedo entender los botones: pulsa uno del último mensaje, por "
        "favor. No hay ninguna persona leyendo este chat.",
        "en": "Thank you for writing. Right now I can only understand the buttons: please tap one under the last "
        "message. No person reads along in this chat.",
        "de": "Danke für deine Nachricht. Gerade verstehe ich nur die Knöpfe: Tippe bitte auf einen unter der "
        "letzten Nachricht. In diesem Chat liest kein Mensch mit.",
    },
    "nothing_asked": {
        "ca": "Gràcies per escriure. No hi ha cap persona llegint aquest xat, i ara mateix no hi ha cap pregunta "
        "oberta. Quan arribi la pròxima conversa, t’escriuré.",
        "es": "Gracias por escribir. No hay ninguna persona leyendo este chat, y ahora mismo no hay ninguna "
        "pregunta abierta. Cuando llegue la próxima conversación, te escribiré.",
        "en": "Thank you for writing. No person reads along in this chat, and no question is open right now. When "
        "it’s time for the next conversation, I’ll write to you.",
        "de": "Danke für deine Nachricht. In diesem Chat liest kein Mensch mit, und gerade ist keine Frage offen. "
        "Wenn das nächste Gespräch kommt, schreibe ich dir.",
    },
    "one_moment": {
        "ca": "Un moment, si us plau: encara t’estic escrivint.",
        "es": "Un momento, por favor: todavía te estoy escribiendo.",
        "en": "One moment, please: I’m still writing to you.",
        "de": "Einen Moment bitte: Ich schreibe dir gerade noch.",
    },
    "after_this_dialogue": {
        "ca": "Amb molt de gust, després d’aquesta conversa. Torna a escriure-ho quan hàgim acabat, si us plau.",
        "es": "Con mucho gusto, después de esta conversación. Vuelve a escribirlo cuando hayamos terminado, por favor.",
        "en": "Gladly, after this conversation. Please write it again when we’ve finished.",
        "de": "Gern nach diesem Gespräch. Schreib es bitte noch einmal, wenn wir fertig sind.",
    },
    "old_button": {
        "ca": "Aquest botó ja no està actiu: prémer-lo no canvia res.",
        "es": "Este botón ya no está activo: pulsarlo no cambia nada.",
        "en": "This button is no longer active: tapping it changes nothing.",
        "de": "Dieser Knopf ist nicht mehr aktiv: Darauf zu tippen ändert nichts.",
    },
    "another_answer": {
        "ca": "Aquí no puc fer servir aquesta resposta. En vols provar una altra?",
        "es": "Esta respuesta no la puedo usar aquí. ¿Quieres probar con otra?",
        "en": "I can’t use this answer here. Would you like to try another one?",
        "de": "Diese Antwort kann ich hier nicht verwenden. Magst du es mit einer anderen versuchen?",
    },
    "too_long": {
        "ca": "Això és una mica llarg per a mi. Ho pots dir amb menys paraules?",
        "es": "Esto es un poco largo para mí. ¿Puedes decirlo con menos palabras?",
        "en": "That’s a little long for me. Could you say it in fewer words?",
        "de": "Das ist etwas lang für mich. Kannst du es kürzer sagen?",
    },
    "not_a_time": {
        "ca": "No he entès l’hora. Escriu-la així, si us plau: 17:30",
        "es": "No he entendido la hora. Escríbela así, por favor: 17:30",
        "en": "I couldn’t read that time. Please write it like this: 17:30",
        "de": "Die Uhrzeit habe ich nicht verstanden. Schreib sie bitte so: 17:30",
    },
    "not_a_number": {
        "ca": "Aquí només puc entendre un nombre. El pots escriure en xifres?",
        "es": "Aquí solo puedo entender un número. ¿Puedes escribirlo en cifras?",
        "en": "I can only understand a number here. Could you write it in digits?",
        "de": "Hier verstehe ich nur eine Zahl. Kannst du sie in Ziffern schreiben?",
    },
    "please_write": {
        "ca": "Aquí només puc llegir text. Escriu la resposta amb paraules, si us plau.",
        "es": "Aquí solo puedo leer texto. Escribe la respuesta con palabras, por favor.",
        "en": "I can only read text here. Please write your answer in words.",
        "de": "Hier kann ich nur Text lesen. Schreib deine Antwort bitte in Worten.",
    },
    "begin_with_start": {
        "ca": "Quan vulguis començar, escriu /start.",
        "es": "Cuando quieras empezar, escribe /start.",
        "en": "Whenever you’d like to begin, write /start.",
        "de": "Wenn du anfangen möchtest, schreib /start.",
    },
    "already_here": {
        "ca": "Ja formes part de l’estudi, que bé. Quan arribi la pròxima conversa, t’escriuré.",
        "es": "Ya formas parte del estudio, qué bien. Cuando llegue la próxima conversación, te escribiré.",
        "en": "You’re already part of the study, how nice. When it’s time for the next conversation, I’ll write to "
        "you.",
        "de": "Du bist schon dabei, wie schön. Wenn das nächste Gespräch kommt, schreibe ich dir.",
    },
    "you_are_paused": {
        "ca": "Ara estem en pausa i no t’enviaré res. Quan vulguis continuar, escriu /reprendre.",
        "es": "Ahora estamos en pausa y no te enviaré nada. Cuando quieras seguir, escribe /reanudar.",
        "en": "We’re taking a break, and I won’t send you anything. When you’d like to go on, write /resume.",
        "de": "Wir machen gerade Pause, und ich schicke dir nichts. Wenn es weitergehen soll, schreib /fortsetzen.",
    },
    "time_is_over": {
        "ca": "El temps d’aquesta conversa s’ha acabat: l’altra persona ja no hi és. No passa res, i no és culpa teva. "
        "Gràcies per haver-hi estat.",
        "es": "El tiempo de esta conversación se ha acabado: la otra persona ya no está. No pasa nada, y no es culpa "
        "tuya. Gracias por haber estado ahí.",
        "en": "The time for this conversation is over: the other person is no longer there. That’s all right, and it "
        "isn’t your fault. Thank you for being there.",
        "de": "Die Zeit für dieses Gespräch ist vorbei: Die andere Person ist nicht mehr da. Das macht nichts, und es "
        "liegt nicht an dir. Danke, dass du da warst.",
    },
    "waiting_for_partner": {
        "ca": "Ara esperem l’altra persona. T’escriuré quan continuem; no cal que facis res.",
        "es": "Ahora esperamos a la otra persona. Te escribiré cuando sigamos; no tienes que hacer nada.",
        "en": "We’re waiting for the other person now. I’ll write when we go on; there’s nothing you need to do.",
        "de": "Wir warten gerade auf die andere Person. Ich schreibe dir, wenn es weitergeht; du musst nichts tun.",
    },
    "partner_is_asked": {
        "ca": "Ara pregunto a una altra persona si ho vol fer amb tu. Si diu que sí, t’escriuré.",
        "es": "Ahora pregunto a otra persona si quiere hacerlo contigo. Si dice que sí, te escribiré.",
        "en": "I’m asking another person whether they’d like to do this with you. If they say yes, I’ll write to you.",
        "de": "Ich frage jetzt eine andere Person, ob sie das mit dir machen möchte. Wenn sie Ja sagt, schreibe ich "
        "dir.",
    },
    "partner_declined": {
        "ca": "Aquesta vegada no hi ha ningú que ho pugui fer amb tu. Gràcies per estar-hi disposat o disposada.",
        "es": "Esta vez no hay nadie que pueda hacerlo contigo. Gracias por haberte ofrecido.",
        "en": "This time nobody is free to do it with you. Thank you for offering.",
        "de": "Diesmal ist niemand frei, um das mit dir zu machen. Danke für deine Bereitschaft.",
    },
    "hitch": {
        "ca": "Ara mateix hi ha alguna cosa que no funciona per part nostra. No s’ha perdut res del que has respost.",
        "es": "Ahora mismo hay algo que no funciona por nuestra parte. No se ha perdido nada de lo que has respondido.",
        "en": "Something isn’t working on our side right now. Nothing you’ve answered is lost.",
        "de": "Bei uns klappt gerade etwas nicht. Von deinen Antworten geht nichts verloren.",
    },
    "erase_by_contact": {
        "ca": "Si vols que s’esborri tot el que hi ha desat sobre tu, et pots adreçar a: {contact}",
        "es": "Si quieres que se borre todo lo que hay guardado sobre ti, puedes dirigirte a: {contact}",
        "en": "If you’d like everything stored about you to be erased, you can write to: {contact}",
        "de": "Wenn alles gelöscht werden soll, was über dich gespeichert ist, kannst du dich wenden an: {contact}",
    },
    "contact": {
        "ca": "l’equip que t’ha convidat a l’estudi",
        "es": "el equipo que te ha invitado al estudio",
        "en": "the team that invited you to the study",
        "de": "das Team, das dich zur Studie eingeladen hat",
    },
    "help": {
        "ca": "Prem els botons per respondre. També pots escriure:\n/pausar per descansar una estona\n/reprendre per continuar\n/lang per canviar de llengua\n/freq per triar cada quant arriben els relats\n/dia per triar en quin moment del dia\n/world si el teu rellotge marca una altra hora\n/sociodem per a les preguntes sobre tu\n/lesmevesdades per rebre tot el que hi ha desat sobre tu\n/baixa per deixar l’estudi\n/oblidam perquè s’esborri tot el que hi ha desat sobre tu\n\nNo hi ha cap persona llegint aquest xat. En una emergència, truca al {emergency}.\nSi tens preguntes, et pots adreçar a: {contact}",
        "es": "Pulsa los botones para responder. También puedes escribir:\n/pausar para descansar un rato\n/reanudar para seguir\n/lang para cambiar de idioma\n/freq para elegir cada cuánto llegan los relatos\n/dia para elegir en qué momento del día\n/world si tu reloj marca otra hora\n/sociodem para las preguntas sobre ti\n/misdatos para recibir todo lo que hay guardado sobre ti\n/baja para dejar el estudio\n/olvidame para que se borre todo lo que hay guardado sobre ti\n\nNo hay ninguna persona leyendo este chat. En una emergencia, llama al {emergency}.\nSi tienes preguntas, puedes dirigirte a: {contact}",
        "en": "Tap the buttons to answer. You can also write:\n/pause to take a break\n/resume to go on\n/lang to change the language\n/freq to choose how often stories come\n/dia to choose the time of day\n/world if your clock shows another time\n/sociodem for the questions about you\n/mydata to get everything stored about you\n/unsubscribe to leave the study\n/forgetme to have everything stored about you erased\n\nNo person reads along in this chat. In an emergency, call {emergency}.\nIf you have questions, you can write to: {contact}",
        "de": "Tippe auf die Knöpfe, um zu antworten. Du kannst auch schreiben:\n/pausieren für eine Pause\n/fortsetzen, wenn es weitergehen soll\n/lang für eine andere Sprache\n/freq dafür, wie oft Geschichten kommen\n/dia für die Tageszeit\n/world, wenn deine Uhr eine andere Zeit zeigt\n/sociodem für die Fragen zu dir\n/meinedaten, um alles zu bekommen, was über dich gespeichert ist\n/abmelden, um die Studie zu verlassen\n/vergissmich, damit alles gelöscht wird, was über dich gespeichert ist\n\nIn diesem Chat liest kein Mensch mit. Im Notfall ruf bitte die {emergency} an.\nMit Fragen kannst du dich wenden an: {contact}",
    },
    "my_data": {
        "ca": "Aquí tens tot el que hi ha desat sobre tu.",
        "es": "Aquí tienes todo lo que hay guardado sobre ti.",
        "en": "Here is everything that is stored about you.",
        "de": "Hier ist alles, was über dich gespeichert ist.",
    },
    "my_data_account": {
        "ca": "Configuració i estat",
        "es": "Configuración y estado",
        "en": "Settings and where you stand",
        "de": "Einstellungen und Stand",
    },
    "my_data_dialogues": {
        "ca": "Converses i respostes",
        "es": "Conversaciones y respuestas",
        "en": "Conversations and answers",
        "de": "Gespräche und Antworten",
    },
    "my_data_texts": {
        "ca": "El que has escrit o premut",
        "es": "Lo que has escrito o pulsado",
        "en": "What you wrote or tapped",
        "de": "Was du geschrieben oder angetippt hast",
    },
    "my_data_waiting": {
        "ca": "Missatges que encara no s’han enviat",
        "es": "Mensajes que aún no se han enviado",
        "en": "Messages that are still to be sent",
        "de": "Nachrichten, die noch kommen",
    },
    "my_data_elsewhere": {"ca": "Altres dades", "es": "Otros datos", "en": "Other data", "de": "Weitere Daten"},
    "menu_leave": {
        "ca": "deixar l’estudi",
        "es": "dejar el estudio",
        "en": "leave the study",
        "de": "die Studie verlassen",
    },
    "menu_start": {
        "ca": "començar, o tornar a veure la pregunta",
        "es": "empezar, o volver a ver la pregunta",
        "en": "begin, or see the question again",
        "de": "anfangen, oder die Frage noch einmal sehen",
    },
    "menu_pause": {
        "ca": "descansar una estona",
        "es": "descansar un rato",
        "en": "take a break",
        "de": "eine Pause machen",
    },
    "menu_resume": {
        "ca": "continuar després d’una pausa",
        "es": "seguir después de una pausa",
        "en": "go on after a break",
        "de": "nach einer Pause weitermachen",
    },
    "menu_freq": {
        "ca": "cada quant arriben els relats",
        "es": "cada cuánto llegan los relatos",
        "en": "how often stories come",
        "de": "wie oft Geschichten kommen",
    },
    "menu_lang": {
        "ca": "canviar de llengua",
        "es": "cambiar de idioma",
        "en": "change the language",
        "de": "die Sprache ändern",
    },
    "menu_world": {
        "ca": "el meu rellotge marca una altra hora",
        "es": "mi reloj marca otra hora",
        "en": "my clock shows another time",
        "de": "meine Uhr zeigt eine andere Zeit",
    },
    "menu_dia": {
        "ca": "en quin moment del dia arriben els relats",
        "es": "en qué momento del día llegan los relatos",
        "en": "the time of day for stories",
        "de": "die Tageszeit für Geschichten",
    },
    "menu_sociodem": {
        "ca": "les preguntes sobre mi",
        "es": "las preguntas sobre mí",
        "en": "the questions about me",
        "de": "die Fragen zu mir",
    },
    "menu_my_data": {
        "ca": "rebre tot el que hi ha desat sobre mi",
        "es": "recibir todo lo que hay guardado sobre mí",
        "en": "get everything stored about me",
        "de": "alles bekommen, was über mich gespeichert ist",
    },
    "menu_forget_me": {
        "ca": "esborrar tot el que hi ha desat sobre mi",
        "es": "borrar todo lo que hay guardado sobre mí",
        "en": "erase everything stored about me",
        "de": "alles löschen, was über mich gespeichert ist",
    },
    "menu_help": {
        "ca": "què es pot escriure",
        "es": "qué se puede escribir",
        "en": "what can be written",
        "de": "was man schreiben kann",
    },
    "bot_description": {
        "ca": "Hola! Sóc el bot d’un estudi sobre suport social i salut mental. Parlem en converses curtes, al teu ritme, i mai de nit. No hi ha cap persona llegint el xat. Pots fer una pausa, deixar l’estudi o esborrar-ho tot quan vulguis.",
        "es": "¡Hola! Soy el bot de un estudio sobre apoyo social y salud mental. Hablamos en conversaciones cortas, a tu ritmo, y nunca de noche. Ninguna persona lee el chat. Puedes hacer una pausa, dejar el estudio o borrarlo todo cuando quieras.",
        "en": "Hello! I’m the bot of a study on social support and mental health. We talk in short conversations, at your pace, and never at night. No person reads the chat. You can take a break, leave or have everything erased whenever you like.",
        "de": "Hallo! Ich bin der Bot einer Studie über soziale Unterstützung und seelische Gesundheit. Wir führen kurze Gespräche, in deinem Tempo und nie nachts. Kein Mensch liest mit. Du kannst jederzeit pausieren, gehen oder alles löschen lassen.",
    },
    "bot_short_description": {
        "ca": "Converses curtes sobre suport social i salut mental, al teu ritme.",
        "es": "Conversaciones cortas sobre apoyo social y salud mental, a tu ritmo.",
        "en": "Short conversations on social support and mental health, at your pace.",
        "de": "Kurze Gespräche über soziale Unterstützung und seelische Gesundheit, in deinem Tempo.",
    },
}
"""Each phrase by its name, then by language."""


def phrase(phrases: Mapping[str, Mapping[str, str]], name: str, language: str, default: str) -> str:
    """Return the phrase in `language`, else in the `default` language, else in English."""
    texts = phrases[name]
    return texts.get(language) or texts.get(default) or texts["en"]
