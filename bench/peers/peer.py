"""What compare.py knows of a peer."""

import shutil

from conditions import PEERS, SCRATCH


class Unavailable(Exception):
    """The peer can't be installed or started here; the text says why."""


class Peer:
    """A server that is measured. Subclasses fill in the texts and the methods.

    compare.py calls install() once, and in each round start(), run() for each work of `works` in
    the table's order, and stop(). A failure of one peer leaves the others alone.
    """

    name = ""
    durability = ""  # what an acknowledgement means with the settings used here
    signatures = ""  # whether a request's signature is checked
    works = {}  # work's key -> what it is here, for the table ("SET")

    def __init__(self, conditions):
        self.conditions = conditions
        self.folder = PEERS / self.name.lower().replace(" ", "-")
        self.data = SCRATCH / self.folder.name
        self.child = None

    def install(self):
        """Puts the peer's programs into `folder`, once; raises Unavailable when it can't."""

    def version(self):
        """For the table's head."""
        raise NotImplementedError

    def start(self):
        """Starts it on a new data directory and prepares what the works need."""
        raise NotImplementedError

    def run(self, work):
        """Does one work for the conditions' seconds and returns its Figures."""
        raise NotImplementedError

    def stop(self):
        if self.child:
            self.child.stop()
            self.child = None
        shutil.rmtree(self.data, ignore_errors=True)

    def new_data(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True)
