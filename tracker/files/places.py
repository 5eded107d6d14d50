"""Where a photo says that it was taken: read from the notes that cameras write into it."""

import struct

_EXIF = b"Exif\x00\x00"
_IN_WORDS = (b"GPSLatitude", b"GPSLongitude", b"GPSCoordinates")
_PLACE_OF_GPS = 0x8825
_LATITUDE, _LONGITUDE = 0x0002, 0x0004
_ENTRY = 12
_MOST_ENTRIES = 500


def names_a_place(name: bytes, payload: bytes) -> bool:
    """Say whether a segment of a photo holds a latitude or a longitude."""
    if name in (b"APP1", b"iTXt", b"tEXt") and any(words in payload for words in _IN_WORDS):
        return True
    if name == b"eXIf":
        return _has_place(payload)
    return name == b"APP1" and payload.startswith(_EXIF) and _has_place(payload[len(_EXIF) :])


def _has_place(notes: bytes) -> bool:
    """Look through the notes of a camera, which are written like a TIFF file; what cannot be read says nothing."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(notes[:4])
    if order is None:
        return False
    try:
        (start,) = struct.unpack_from(f"{order}I", notes, 4)
        place = _entries(notes, start, order).get(_PLACE_OF_GPS)
        return place is not None and bool({_LATITUDE, _LONGITUDE} & _entries(notes, place, order).keys())
    except struct.error:
        return False


def _entries(notes: bytes, start: int, order: str) -> dict[int, int]:
    """Give the entries of one list of notes: for each tag its value, or where its value stands."""
    (count,) = struct.unpack_from(f"{order}H", notes, start)
    found = {}
    for number in range(min(count, _MOST_ENTRIES)):
        tag, _, _, value = struct.unpack_from(f"{order}HHII", notes, start + 2 + number * _ENTRY)
        found[tag] = value
    return found
