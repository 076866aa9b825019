"""The elements that are open while HTML is read, and the formats that continue behind
the element that they were opened in.

https://html.spec.whatwg.org/multipage/parsing.html#the-stack-of-open-elements
"""

from .html_elements import (
    BLOCKS,
    CELLS,
    FOREIGN,
    FORMATS,
    HTML_WITHIN,
    TABLE_PARTS,
)

# Browsers limit the depth to 512. Here it is half of that, so that recursive functions
# can read a tree of them.
MAX_DEPTH = 256
# This many open elements are opened again where tags cross, as in `<b><i></b></i>`, and
# this many times in all: an email with more of them does not look well anyway.
MAX_CROSSED = 8
MAX_REOPENED = 200_000
# Names without an open element that are remembered.
MAX_NAMES = 500

# A tag ends no element outside of these.
SCOPES = {"applet", "button", "marquee", "object", "template", "table", *CELLS}
SCOPES |= {"foreignobject", "svg", "math"}
TABLE_SCOPES = {"table", "template"}
BOUNDS = {
    "block": SCOPES,
    "any": SCOPES | BLOCKS | TABLE_PARTS,
    "table": TABLE_SCOPES,
    "list": SCOPES | {"ol", "ul"},
    "definition": SCOPES | {"dl"},
    "foreign": HTML_WITHIN,
    "language": FOREIGN,
    "": set(),
}
# Name -> the bounds that it belongs to.
BOUNDS_OF = {
    name: tuple(bound for bound, names in BOUNDS.items() if name in names)
    for name in set().union(*BOUNDS.values())
}


class OpenElements:
    """The open elements, found by their names without looking through all of them.

    :param visitor: a :class:`.html_reader.Visitor`, called for what opens and closes
    """

    def __init__(self, visitor):
        self.visitor = visitor
        self.stack = []  # (name, values) of the open elements
        self.places = {}  # where in the stack those of each name are
        self.bounds = {bound: [] for bound in BOUNDS}  # and those of each bound
        self.bounds_of = {
            name: [self.bounds[bound] for bound in bounds]
            for name, bounds in BOUNDS_OF.items()
        }
        self.languages = self.bounds["language"]  # SVG and MathML
        self.ended = []  # formats that continue in the next element
        self.reopened = 0  # how many formats were opened again

    def push(self, name, values):
        """Open an element within the last one."""
        stack, places = self.stack, self.places
        place = len(stack)
        stack.append((name, values))
        if name in places:
            places[name].append(place)
        else:
            self._add_name(name).append(place)
        if name in BOUNDS_OF:
            for limits in self.bounds_of[name]:
                limits.append(place)
        self.visitor.open(name, values)

    def _add_name(self, name):
        """Return the list of places, still empty, for a name."""
        if len(self.places) > MAX_NAMES:
            self.places = {
                name: places for name, places in self.places.items() if places
            }
        self.places[name] = places = []
        return places

    def pop(self):
        """Close the last open element, and return it as ``(name, values)``."""
        name, _values = element = self.stack.pop()
        self.places[name].pop()
        if name in BOUNDS_OF:
            for limits in self.bounds_of[name]:
                limits.pop()
        self.visitor.close(name)
        return element

    def replace(self, name, values):
        """Close the last open element, and open another one of the same name."""
        self.stack[-1] = name, values
        self.visitor.close(name)
        self.visitor.open(name, values)

    def close_from(self, index, keeps_formats=False):
        """Close all elements from a place of the stack on.

        :param bool keeps_formats: whether formats that are not closed by a tag of their
            own continue in the next element
        """
        while len(self.stack) > index:
            element = self.pop()
            if keeps_formats and element[0] in FORMATS and len(self.stack) > index:
                self.ended.insert(0, element)
                del self.ended[MAX_CROSSED:]

    def reopen(self):
        """Open the formats that continue."""
        ended, self.ended = self.ended, []
        self._push_again(ended[: MAX_DEPTH - 1 - len(self.stack)])

    def _push_again(self, elements):
        self.reopened += len(elements)
        if self.reopened <= MAX_REOPENED:
            for name, values in elements:
                self.push(name, values)

    def has(self, name):
        """Return whether an element of that name is open."""
        return bool(self.places.get(name))

    def find(self, names, bound):
        """Return the place of the last open element with one of the names, or -1 where
        there is none within the bound."""
        place, places = -1, self.places
        for name in names:
            if name in places and (found := places[name]) and found[-1] > place:
                place = found[-1]
        limits = self.bounds[bound]
        return -1 if limits and limits[-1] > place else place

    def close_format(self, name):
        """Close a format; what was opened within continues without it."""
        for index in range(len(self.ended) - 1, -1, -1):
            if self.ended[index][0] == name:
                del self.ended[index]
                return
        index = self.find({name}, "block")
        if index >= 0 and len(self.stack) - index <= MAX_CROSSED + 1:
            crossed = self.stack[index + 1 :]
            self.close_from(index)
            self._push_again(crossed)
