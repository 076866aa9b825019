"""The API's resources, one module per group; importing one registers its routes."""

import importlib
import pkgutil


def load():
    """Import every module of this package."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
