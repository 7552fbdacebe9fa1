"""What a person would call the device that a browser says it is on: "Firefox on Android".

Decides by a few words of what browsers send; the rest of that is forgotten at once.
"""

BROWSERS = (
    *(("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet")),
    *(("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome")),
    ("Safari", "Safari"),
)
"""Word and name; most of them name the later ones, too."""
SYSTEMS = (
    *(("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android")),
    *(("SMART-TV", "a television"), ("Tizen", "a television"), ("Web0S", "a television")),
    *(("CrOS", "a Chromebook"), ("Macintosh", "a Mac"), ("Windows", "Windows"), ("Linux", "Linux")),
)


def name_of(user_agent: str) -> str:
    browser = next((name for word, name in BROWSERS if word in user_agent), "A browser")
    system = next((name for word, name in SYSTEMS if word in user_agent), "")
    return f"{browser} on {system}" if system else browser
