"""``coursewright category add``."""

from coursewright.community.models import Category
from tests.cli.commands import refused, run
from tests.factories import make_category


def test_the_id_is_printed_bare() -> None:
    done = run("category", "add", "Life Sciences")
    category = Category.objects.get()
    assert done == (0, f"{category.pk}\n", "")
    assert (category.name, category.slug, category.active) == ("Life Sciences", "life-sciences", True)


def test_a_slug_that_is_taken_gets_a_number() -> None:
    make_category("Maths", slug="life-sciences")
    run("category", "add", "Life Sciences")
    assert Category.objects.get(name="Life Sciences").slug == "life-sciences-2"


def test_a_name_that_is_taken() -> None:
    make_category("Science")
    assert run("category", "add", "science") == refused("Category with this name already exists.")


def test_no_name() -> None:
    assert run("category", "add", " ") == refused("A category needs a name.")
