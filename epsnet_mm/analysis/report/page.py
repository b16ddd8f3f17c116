"""Fills the templates of this folder in."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def render_page(template: str, **values: object) -> str:
    """Make a page that needs no other file.

    All values are escaped. The page forbids itself any request, by its content
    security policy.

    Args:
        template: File in `templates/`.
        **values: What it names.

    Returns:
        HTML.
    """
    environment = Environment(
        loader=PackageLoader('epsnet_mm.analysis.report'),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=number, signed=signed, interval=interval)
    return environment.get_template(template).render(**values)


def number(value: float, digits: int = 1) -> str:
    """A number with a fixed number of digits; never '-0.0'."""
    return f'{round(value, digits) + 0.0:.{digits}f}'


def signed(value: float, digits: int = 1) -> str:
    """The same with its sign."""
    return f'{round(value, digits) + 0.0:+.{digits}f}'


def interval(ends: tuple[float, float] | None, digits: int = 1) -> str:
    """Both ends of an interval; 'none' if there is none."""
    if ends is None:
        return 'none'
    return f'{number(ends[0], digits)} to {number(ends[1], digits)}'
