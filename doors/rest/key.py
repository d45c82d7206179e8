"""The key that requests may have to bear."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr

from doors.rest.problems import RefusedError

_bearer = HTTPBearer(auto_error=False, description="The key of this server.")

Given = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


def require_key(key: SecretStr) -> Callable[[Given], None]:
    """Return a dependency that refuses requests without a key.

    Args:
        key: The only one that is right.
    """
    right = key.get_secret_value().encode()

    def check(given: Given) -> None:
        if given is None:
            detail, challenge = "no key is given.", "Bearer"
        elif not secrets.compare_digest(given.credentials.encode(), right):
            detail, challenge = "the key is wrong.", 'Bearer error="invalid_token"'
        else:
            return
        raise RefusedError(
            HTTPStatus.UNAUTHORIZED,
            "key",
            detail,
            "Send the header `Authorization: Bearer KEY`, with the key of this server.",
            {"WWW-Authenticate": challenge},
        )

    return check
