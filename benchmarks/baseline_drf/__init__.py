"""Two operations on the same tables, in Django REST framework as its users write it. For comparison only."""
