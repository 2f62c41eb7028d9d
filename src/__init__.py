# SPDX-License-Identifier: GPL-3.0-or-later
"""The map of the house. A line may use what stands below it, never beside or above.

    wiring    startup · readiness · admin_parts · demo · rehearse · scripts · settings · logs · watchdog
                                                            put pieces together
    authors   preview                                      the panel beside the demo's chat page, files checked at once
    people    upkeep · reports · rehearsal                 changes by hand; the team's mails; a study tried out
    world     telegram_bot · store · mail · simulator      touch Telegram, MongoDB, a mail server, a browser
    keys      hash_unhash · secrets_store · key_change · admin_password   pseudonyms, tokens and passwords
    order     service                                      load, decide, save, send, retry
    rules     engine                                       PURE: what a participant sees and what is remembered
    content   dialogues · conversation_elements            PURE: the form of a dialogue, the bot's own sentences
              errors · paths · identities · frozen         everyone may use

The way of a message: `telegram_bot` fetches updates, `service.message_loop` groups them, `service.conversation`
loads the participants, asks `engine.take_turn` and saves state and outbox in one write each, and `service.delivery`
sends what is due. `service.scheduler` looks for participants whose time has come and nobody woke.
`tests/test_rooms.py` holds the rule.
"""
