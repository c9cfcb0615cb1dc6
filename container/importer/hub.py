"""The hub: lists and fetches the files of one revision. `HF_ENDPOINT` may name another hub."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from httpx2 import HTTPError
from huggingface_hub import HfApi
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils import disable_progress_bars
from huggingface_hub.utils.logging import set_verbosity_error

from importer.errors import ImportProblem
from importer.place import IN_AWS, ImportPlace
from importer.registry import Model
from importer.selection import HubFile


class Hub:
    def __init__(self, model: Model, token: str | None, place: ImportPlace = IN_AWS) -> None:
        self._model = model
        self._place = place
        # False, not None: None would look for a token of the person who is logged in here.
        self._api = HfApi(token=token or False)
        self._has_token = bool(token)
        disable_progress_bars()
        # Each of its own tries would be a line and an address; what is left after them is our one.
        set_verbosity_error()

    def files(self) -> list[HubFile]:
        model = self._model
        with self._translated("its list of files"):
            entries = self._api.list_repo_tree(model.home, revision=model.revision, recursive=True)
            return [
                HubFile(entry.path, entry.size, entry.lfs.sha256 if entry.lfs else None)
                for entry in entries
                if isinstance(entry, RepoFile)
            ]

    def fetch(self, path: str, folder: Path) -> Path:
        """The file in `folder`. A transfer that breaks is resumed a few times."""
        model = self._model
        with self._translated(f"`{path}`"):
            return Path(
                self._api.hf_hub_download(
                    model.home, path, revision=model.revision, local_dir=folder
                )
            )

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        try:
            yield
        except GatedRepoError as error:
            raise self._gated(error) from error
        except RevisionNotFoundError as error:
            raise self._problem(f"has no revision `{self._model.revision}`") from error
        except LocalEntryNotFoundError as error:
            # What a download makes of a hub that does not answer.
            raise self._problem(f"does not give {what}: {first_line(error)}") from error
        except EntryNotFoundError as error:
            raise self._problem(f"has no {what} at revision `{self._model.revision}`") from error
        except RepositoryNotFoundError as error:
            raise self._problem("is not there, or not for this token") from error
        except HfHubHTTPError as error:
            raise self._refused(error, what) from error
        except HTTPError as error:
            raise self._problem(f"does not give {what}: {first_line(error)}") from error
        except OSError as error:
            raise disk_problem(error, self._place) from error

    def _problem(self, found: str) -> ImportProblem:
        model = self._model
        return ImportProblem(
            f"Expected the model repository `{model.home}`, but it {found}. "
            f"To fix: check `models/{model.id}.json`, and that the hub can be reached."
        )

    def _gated(self, error: GatedRepoError) -> ImportProblem:
        model = self._model
        what = model.gate.accept if model.gate else "its terms"
        page = model.gate.page if model.gate else f"the page of `{model.home}`"
        if error.response.status_code == 401 or not self._has_token:
            return ImportProblem(
                f"`{model.id}` is gated and no valid token was given. To fix: accept {what} at "
                f"{page} and put a read token of that account {self._place.token}."
            )
        return ImportProblem(
            f"`{model.id}` is gated and this token's account has not accepted the terms. "
            f"To fix: accept {what} at {page} and start the import again."
        )

    def _refused(self, error: HfHubHTTPError, what: str) -> ImportProblem:
        status = error.response.status_code
        if status not in (401, 403):
            return self._problem(f"answers {status} for {what}")
        return ImportProblem(
            f"The hub refuses the token for `{self._model.home}` ({status}: "
            f"{first_line(error.server_message or error)}). To fix: make a token that may read "
            f"public gated repositories and put it {self._place.token}."
        )


def disk_problem(error: OSError, place: ImportPlace = IN_AWS) -> ImportProblem:
    if error.errno == errno.ENOSPC:
        return ImportProblem(f"No space left on the disk of the import. To fix: {place.disk}.")
    return ImportProblem(f"Could not keep a file on the disk of the import: {first_line(error)}.")


def first_line(problem: object) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0][:200].rstrip(".")
