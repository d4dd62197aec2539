"""A person with many facts, and what the tests do with a round of questions."""

from identity import quiz
from identity.models import Person, QuestionCard, QuizRound
from identity.rounds import Outcome, Purpose

MANY = {
    "employer": [f"EMPRESA DEL VALLE {n} S A" for n in range(8)],
    "health_insurer": ["OBRA SOCIAL DEL PERSONAL DE LA SANIDAD", "OBRA SOCIAL BANCARIA"],
    "locality": ["TANDIL", "AZUL", "AYACUCHO"],
    "child": ["MARTINA", "JOAQUIN"],
}


def open_round(person: Person, purpose: Purpose = Purpose.CREATE, journey: str = "j") -> QuizRound:
    return quiz.get_or_open_round(person.cuil, purpose, journey)[0]


def answer_next(round_: QuizRound, *, right: bool = True) -> Outcome:
    question = quiz.show(round_)
    assert question is not None
    option = question.card.truth if right else quiz.NONE_OF_THESE
    return quiz.answer(round_, question.number, option)


def finish(round_: QuizRound, *answers: bool) -> list[Outcome]:
    return [answer_next(round_, right=right) for right in answers]


def drawn(person: Person) -> list[QuestionCard]:
    """A round, or nothing where the file is too thin for one."""
    try:
        return quiz._draw(person)
    except quiz.ThinFile:
        return []


def cards_of(round_: QuizRound) -> list[QuestionCard]:
    """The cards of a round, all of them shown."""
    finish(round_, False, False, False, False)
    return [question.card for question in round_.questions.select_related("card")]


def all_cards(person: Person) -> list[QuestionCard]:
    """Every card that the quiz would make of this person's file."""
    cards = {c.truth: c for _ in range(60) for c in quiz._draw(person)}
    return list(cards.values())
