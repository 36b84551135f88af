"""The foundation: the nouns of a joint IT operation, frozen and typed, and the exact rules that several rooms share."""
