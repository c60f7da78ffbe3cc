"""Names of language features that are always on."""

annotations = True
division = True
absolute_import = True
print_function = True
unicode_literals = True
generators = True
with_statement = True
nested_scopes = True
generator_stop = True
