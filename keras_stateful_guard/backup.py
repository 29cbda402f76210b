"""Saves states beside the backups of `BackupAndRestore`, so that a resumed fit has them again.

Keras backs up weights, optimizer and epoch, and a resumed epoch begins with its first batch. So the
states with which each epoch begins are saved by its number: whichever backup Keras comes to find,
the states that belong to it are there.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from keras_stateful_guard import keras_api
from keras_stateful_guard.errors import StatefulPitfallWarning
from keras_stateful_guard.persistence import load_in_order, save_states
from keras_stateful_guard.states import find_bank, stateful_layers

NAME = re.compile(r"states-(\d+)\.npz")
KEPT = 2  # the last one, and the one before in case Keras's own last backup is damaged


def find(model: Any, callbacks: Iterable[Any], initial_epoch: int = 0) -> StateBackup | None:
    """Return what backs up the states of a fit; None where there is nothing to back up.

    Args:
        model: The model that is trained.
        callbacks: The callbacks of the fit.
        initial_epoch: The first epoch that the user asked for.
    """
    kind = keras_api.keras().callbacks.BackupAndRestore
    backup = next((each for each in callbacks if isinstance(each, kind)), None)
    if backup is None or not stateful_layers(model):
        return None
    if "://" in str(backup.backup_dir):
        _warn(
            f"states are not backed up, since {backup.backup_dir} is not a folder of this machine"
        )
        return None
    return StateBackup(model, backup, initial_epoch)


class StateBackup:
    """Keeps the states of one fit beside the backup of one `BackupAndRestore`.

    Args:
        model: The model that is trained.
        backup: The `BackupAndRestore` among the callbacks of the fit.
        initial_epoch: The first epoch that the user asked for.
    """

    def __init__(self, model: Any, backup: Any, initial_epoch: int = 0) -> None:
        self._model = model
        self._backup = backup
        self._folder = Path(backup.backup_dir)
        self._initial_epoch = initial_epoch
        self._begun = False

    def on_epoch_begin(self, epoch: int) -> str:
        """Load the states that belong to the first epoch of a resumed fit, or warn.

        Returns:
            What was done, for the report; empty where nothing was.
        """
        if self._begun:
            return ""
        self._begun = True
        saved = self._saved()
        if epoch in saved:
            load_in_order(self._model, saved[epoch])
            return f"epoch {epoch} resumes with the states in {saved[epoch]}"
        if saved or epoch > self._initial_epoch:
            found = f"those saved are of epoch {max(saved)}" if saved else "none are saved"
            note = (
                f"epoch {epoch} resumes without its states: {found} in {self._folder}. Where "
                "BackupAndRestore restores weights and not the epoch, as in Keras 3.0, "
                "fit(initial_epoch=...) must name it"
            )
            _warn(note)
            return note
        if self._backup.save_freq != "epoch" and find_bank(self._model) is not None:
            self._save(epoch)
        return ""

    def on_epoch_end(self, epoch: int) -> None:
        """Save the states with which the next epoch begins."""
        self._save(epoch + 1)
        if self._backup.save_freq == "epoch":
            for _, path in sorted(self._saved().items())[:-KEPT]:
                path.unlink()

    def on_train_end(self) -> None:
        """Remove what was saved, as Keras removes its backup."""
        if self._backup.delete_checkpoint:
            for path in self._saved().values():
                path.unlink()

    def _save(self, epoch: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        save_states(self._model, self._folder / f"states-{epoch}.npz")

    def _saved(self) -> dict[int, Path]:
        """Return the files there are, by the epoch that begins with their states."""
        if not self._folder.is_dir():
            return {}
        found = ((NAME.fullmatch(path.name), path) for path in self._folder.iterdir())
        return {int(match[1]): path for match, path in found if match}


def _warn(note: str) -> None:
    warnings.warn(StatefulPitfallWarning(note=note), stacklevel=keras_api.user_stacklevel())
