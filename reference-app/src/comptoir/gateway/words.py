"""The words of the page, in both languages. A test holds that they have the same keys."""

from __future__ import annotations

WORDS = {
    "en": {
        "title": "Comptoir, the village counter",
        "skip": "Skip to content",
        "other": "Français",
        "other_code": "fr",
        "items": "On the counter",
        "item": "Item",
        "price": "Price",
        "stock": "Left",
        "order": "Place an order",
        "quantity": "Quantity",
        "send": "Order",
        "taken": "Your order is taken",
        "number": "Order",
        "total": "Total before tax and shipping",
        "invoice": "Invoice",
        "made": "made, {total} to pay",
        "waiting": "being made; reload this page in a moment",
        "unknown": "not known at the moment",
        "back": "Back to the counter",
        "refused": "The order was not taken",
        "away": "The counter is closed for a moment. Please try again.",
    },
    "fr": {
        "title": "Comptoir, l'épicerie du village",
        "skip": "Aller au contenu",
        "other": "English",
        "other_code": "en",
        "items": "À vendre",
        "item": "Article",
        "price": "Prix",
        "stock": "Reste",
        "order": "Passer commande",
        "quantity": "Quantité",
        "send": "Commander",
        "taken": "Votre commande est prise",
        "number": "Commande",
        "total": "Total hors taxe et hors port",
        "invoice": "Facture",
        "made": "établie, {total} à payer",
        "waiting": "en préparation ; rechargez cette page dans un instant",
        "unknown": "inconnue pour le moment",
        "back": "Retour à la page d'accueil",
        "refused": "La commande n'a pas été prise",
        "away": "La boutique est fermée un instant. Veuillez réessayer.",
    },
}


def language(accepted: str) -> str:
    """The language of a page, from `Accept-Language`; the order written is the order wanted."""
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in WORDS:
            return code
    return "fr"


def euros(cents: int, lang: str) -> str:
    """An amount as a reader writes it."""
    whole, rest = divmod(cents, 100)
    return f"{whole},{rest:02d} €" if lang == "fr" else f"€{whole}.{rest:02d}"
