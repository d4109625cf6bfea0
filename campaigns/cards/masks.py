"""Which of the eight masks makes a QR symbol easiest to read: the penalties of ISO/IEC 18004, 7.8.3, with numpy."""

import numpy as np
from numpy.typing import NDArray

# Dark, light, dark three times, light, dark, with four light modules after or before: what a finder looks like.
_FINDER_LIKE = (0b10111010000, 0b00001011101)


def choose_mask(candidates: NDArray[np.bool_]) -> int:
    """Returns which symbol (of masks x rows x columns) has the lowest penalty, the first where several do."""
    return int(np.argmin(mask_penalties(candidates)))


def mask_penalties(candidates: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Returns the penalty of each symbol: runs, blocks, finder look-alikes, and uneven light and dark."""
    across = np.concatenate([candidates, candidates.swapaxes(1, 2)])
    each_way = (_score_runs(across) + _score_finders(across)).reshape(2, -1)
    return np.asarray(each_way.sum(0) + _score_blocks(candidates) + _score_balance(candidates))


def _score_runs(symbols: NDArray[np.bool_]) -> NDArray[np.int_]:
    # A run of n alike, n five or more, costs n - 2: one for each window of five in it, and two for the run.
    alike = symbols[:, :, 1:] == symbols[:, :, :-1]
    five = alike[:, :, 3:] & alike[:, :, 2:-1] & alike[:, :, 1:-2] & alike[:, :, :-3]
    runs = five.copy()
    runs[:, :, 1:] &= ~five[:, :, :-1]
    return _count(five) + 2 * _count(runs)


def _score_finders(symbols: NDArray[np.bool_]) -> NDArray[np.int_]:
    width = symbols.shape[2] - 10
    window = np.zeros((*symbols.shape[:2], width), np.uint16)
    for place in range(11):
        window = window << 1 | symbols[:, :, place : place + width]
    return 40 * (_count(window == _FINDER_LIKE[0]) + _count(window == _FINDER_LIKE[1]))


def _score_blocks(symbols: NDArray[np.bool_]) -> NDArray[np.int_]:
    across = symbols[:, :, 1:] == symbols[:, :, :-1]
    down = symbols[:, 1:] == symbols[:, :-1]
    return 3 * _count(across[:, 1:] & across[:, :-1] & down[:, :, 1:])


def _score_balance(symbols: NDArray[np.bool_]) -> NDArray[np.int_]:
    dark = _count(symbols) / symbols[0].size
    return 10 * np.asarray(np.abs(dark - 0.5) * 20, int)


def _count(marks: NDArray[np.bool_]) -> NDArray[np.int_]:
    return np.asarray(np.count_nonzero(marks, axis=(1, 2)))
