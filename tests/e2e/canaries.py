"""Looks for words that stand for a person in everything that a service leaves behind."""
import base64
import os


def spellings(word):
    """A word as it may lie in a file: as it is, in either case, as UTF-16, in base64 at each of three offsets."""
    for w in {word, word.upper(), word.lower()}:
        yield w.encode()
        yield w.encode("utf-16-le")
        for offset in range(3):
            text = base64.b64encode(b"\0" * offset + w.encode())
            # The first and last characters depend on the neighbours. All others count: four of them turn up in a megabyte
            # of sealed bytes by chance.
            yield text[(0, 2, 3)[offset]:(offset + len(w)) * 8 // 6]


def in_the_clear(words, log, folder):
    """Each (file, word) of the log and of all files below the folder, names of files among them."""
    files = [log] + [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]
    assert len(files) > 10, "there should be a database, a log and objects to look into"
    found = []
    for file in files:
        with open(file, "rb") as opened:
            content = opened.read() + os.path.basename(file).encode()
        found += [(file, word) for word in words if any(s in content for s in spellings(word))]
    return found
