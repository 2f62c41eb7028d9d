# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot's own short sentences: what it says besides the dialogues. Adapt them here; keep the names on the left."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "buttons_only": {
        "ca": "Gràcies per escriure. Ara només puc entendre els botons: toca'n un de l'últim missatge, si us plau. "
        "Cap persona llegeix aquest xat.",
        "es": "Gracias por escribir. Ahora solo puedo entender los botones: toca uno del último mensaje, por favor. "
        "Ninguna persona lee este chat.",
        "en": "Thank you for writing. Right now I only understand the buttons: please tap one under the last message. "
        "No person reads along in this chat.",
        "de": "Danke für deine Nachricht. Gerade verstehe ich nur die Knöpfe: Tippe bitte auf einen unter der letzten "
        "Nachricht. In diesem Chat liest kein Mensch mit.",
    },
    "nothing_asked": {
        "ca": "Gràcies per escriure. Cap persona llegeix aquest xat, i ara mateix no hi ha cap pregunta oberta. "
        "T'escriuré quan arribi el pròxim diàleg.",
        "es": "Gracias por escribir. Ninguna persona lee este chat y ahora mismo no hay ninguna pregunta abierta. "
        "Te escribiré cuando llegue el próximo diálogo.",
        "en": "Thank you for writing. No person reads along in this chat, and no question is open right now. "
        "I will write to you when the next dialogue comes.",
        "de": "Danke für deine Nachricht. In diesem Chat liest kein Mensch mit, und gerade ist keine Frage offen. "
        "Ich melde mich, wenn der nächste Dialog kommt.",
    },
    "one_moment": {
        "ca": "Un moment, si us plau: encara t'estic escrivint.",
        "es": "Un momento, por favor: todavía te estoy escribiendo.",
        "en": "One moment, please: I am still writing to you.",
        "de": "Einen Moment bitte: Ich schreibe dir gerade noch.",
    },
    "after_this_dialogue": {
        "ca": "Ho farem amb molt de gust després d'aquest diàleg. Torna a escriure-ho quan l'hàgim acabat.",
        "es": "Lo haremos con mucho gusto después de este diálogo. Escríbelo otra vez cuando lo hayamos terminado.",
        "en": "Gladly, after this dialogue. Please write it again when we have finished.",
        "de": "Gern nach diesem Dialog. Schreib es bitte noch einmal, wenn wir damit fertig sind.",
    },
    "old_button": {
        "ca": "Aquest botó ja no està actiu. El que vas respondre queda guardat.",
        "es": "Este botón ya no está activo. Lo que respondiste queda guardado.",
        "en": "This button is no longer active. What you answered is kept.",
        "de": "Dieser Knopf ist nicht mehr aktiv. Deine Antworten sind gespeichert.",
    },
    "another_answer": {
        "ca": "Aquesta resposta no la puc fer servir. Vols provar-ne una altra?",
        "es": "Esta respuesta no la puedo usar. ¿Quieres probar con otra?",
        "en": "I cannot use this answer. Would you like to try another one?",
        "de": "Mit dieser Antwort kann ich nichts anfangen. Magst du es mit einer anderen versuchen?",
    },
    "too_long": {
        "ca": "Això és una mica llarg per a mi. Ho pots dir en menys paraules?",
        "es": "Esto es un poco largo para mí. ¿Puedes decirlo con menos palabras?",
        "en": "That is a little long for me. Could you say it in fewer words?",
        "de": "Das ist etwas lang für mich. Kannst du es kürzer sagen?",
    },
    "not_a_time": {
        "ca": "No he entès l'hora. Escriu-la així, si us plau: 17:30",
        "es": "No he entendido la hora. Escríbela así, por favor: 17:30",
        "en": "I did not understand the time. Please write it like this: 17:30",
        "de": "Die Uhrzeit habe ich nicht verstanden. Schreib sie bitte so: 17:30",
    },
    "not_a_number": {
        "ca": "Aquí només puc entendre un número. El pots escriure amb xifres?",
        "es": "Aquí solo puedo entender un número. ¿Lo puedes escribir con cifras?",
        "en": "I can only understand a number here. Could you write it in digits?",
        "de": "Hier verstehe ich nur eine Zahl. Kannst du sie in Ziffern schreiben?",
    },
    "please_write": {
        "ca": "En aquest punt només puc llegir text. Escriu-me la resposta amb paraules, si us plau.",
        "es": "En este punto solo puedo leer texto. Escríbeme la respuesta con palabras, por favor.",
        "en": "At this point I can only read text. Please write your answer in words.",
        "de": "An dieser Stelle kann ich nur Text lesen. Schreib deine Antwort bitte in Worten.",
    },
    "begin_with_start": {
        "ca": "Quan vulguis començar, escriu /start.",
        "es": "Cuando quieras empezar, escribe /start.",
        "en": "Whenever you want to begin, write /start.",
        "de": "Wenn du anfangen möchtest, schreib /start.",
    },
    "already_here": {
        "ca": "Ja ets a l'estudi, que bé. T'escriuré quan arribi el pròxim diàleg.",
        "es": "Ya estás en el estudio, qué bien. Te escribiré cuando llegue el próximo diálogo.",
        "en": "You are already part of the study, how nice. I will write when the next dialogue comes.",
        "de": "Du bist schon dabei, wie schön. Ich melde mich, wenn der nächste Dialog kommt.",
    },
    "you_are_paused": {
        "ca": "Ara estàs en pausa i no t'enviaré res. Per continuar, escriu /reprendre.",
        "es": "Ahora estás en pausa y no te enviaré nada. Para continuar, escribe /reanudar.",
        "en": "You are taking a break, and I will not send you anything. To go on, write /resume.",
        "de": "Du machst gerade Pause, und ich schicke dir nichts. Zum Weitermachen schreib /fortsetzen.",
    },
    "hitch": {
        "ca": "Ara mateix alguna cosa no funciona per part nostra. No s'ha perdut res del que has respost.",
        "es": "Ahora mismo algo no funciona por nuestra parte. No se ha perdido nada de lo que has respondido.",
        "en": "Something is not working on our side at the moment. Nothing that you answered is lost.",
        "de": "Bei uns klappt gerade etwas nicht. Von deinen Antworten geht nichts verloren.",
    },
    "erase_by_contact": {
        "ca": "Escriu aquí, i esborraran tot el que guardem sobre tu: {contact}",
        "es": "Escribe aquí, y borrarán todo lo que guardamos sobre ti: {contact}",
        "en": "Write here, and they will erase everything that we keep about you: {contact}",
        "de": "Schreib hierhin, und alles, was wir über dich gespeichert haben, wird gelöscht: {contact}",
    },
    "contact": {
        "ca": "l'equip que t'ha convidat a l'estudi",
        "es": "el equipo que te ha invitado al estudio",
        "en": "the team that invited you to the study",
        "de": "das Team, das dich zur Studie eingeladen hat",
    },
    "help": {
        "ca": "Toca els botons per respondre. També pots escriure:\n/pausar per descansar una estona\n/reprendre per "
        "continuar\n/lang per canviar d'idioma\n/freq per triar cada quant t'escric\n/dia per triar el moment del "
        "dia\n/world si el teu rellotge marca una altra hora\n/sociodem per repassar les dades sobre tu\n/baixa "
        "per deixar l'estudi\n\nCap persona llegeix aquest xat. En una emergència truca al {emergency}.",
        "es": "Toca los botones para responder. También puedes escribir:\n/pausar para descansar un rato\n/reanudar "
        "para continuar\n/lang para cambiar de idioma\n/freq para elegir cada cuánto te escribo\n/dia para elegir el "
        "momento del día\n/world si tu reloj marca otra hora\n/sociodem para repasar los datos sobre ti\n/baja para "
        "dejar el estudio\n\nNinguna persona lee este chat. En una emergencia llama al {emergency}.",
        "en": "Tap the buttons to answer. You can also write:\n/pause to take a break\n/resume to go on\n/lang to change "
        "the language\n/freq to choose how often I write\n/dia to choose the time of day\n/world if your clock shows "
        "another time\n/sociodem to go through the questions about you\n/unsubscribe to leave the study\n\n"
        "No person reads along in this chat. In an emergency, call {emergency}.",
        "de": "Tippe auf die Knöpfe, um zu antworten. Du kannst auch schreiben:\n/pausieren für eine Pause\n/fortsetzen "
        "zum Weitermachen\n/lang für eine andere Sprache\n/freq, wie oft ich schreibe\n/dia für die Tageszeit\n"
        "/world, wenn deine Uhr eine andere Zeit zeigt\n/sociodem für die Fragen zu dir\n/abmelden, um die Studie zu "
        "verlassen\n\nIn diesem Chat liest kein Mensch mit. Im Notfall ruf {emergency} an.",
    },
}
"""Each phrase by its name, then by language."""


def phrase(name: str, language: str, default: str) -> str:
    """Return the phrase in `language`, else in the `default` language, else in English."""
    texts = PHRASES[name]
    return texts.get(language) or texts.get(default) or texts["en"]
