"""The one error type that is meant for the user's eyes."""

from difflib import get_close_matches


class InputError(Exception):
    """Something the user can mend. The message is one line: what, where, what to do."""

    def __init__(self, message: str):
        super().__init__(" ".join(message.split()))


def nearest(name: str, valid) -> str:
    """Return ", did you mean 'x'?" for the valid name closest to `name`, or an empty string."""
    match = get_close_matches(str(name), [str(v) for v in valid], n=1, cutoff=0.5)
    return f", did you mean '{match[0]}'?" if match else ""
