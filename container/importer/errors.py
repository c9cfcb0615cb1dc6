"""The one way an import ends badly."""


class ImportProblem(Exception):
    """One line for a person: what was expected, what was found, what to do."""
