"""Writing the order of sections, lessons and questions."""

from collections.abc import Sequence

from coursewright.courses import rules
from coursewright.foundation.errors import Faults


def checked(field: str, present: list[int], wanted: Sequence[int], faults: Faults) -> list[int]:
    """The new order; faults: an id that is not there (``does_not_exist``) or twice (``invalid``)."""
    try:
        return rules.reordered(present, wanted)
    except LookupError:
        unknown = ", ".join(str(id) for id in wanted if id not in present)
        faults.add(field, "does_not_exist", f"There is no such id here: {unknown}.")
    except ValueError as error:
        faults.add(field, "invalid", str(error))
    return present
