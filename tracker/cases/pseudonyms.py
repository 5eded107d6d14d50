"""The pseudonyms of cases: birds and trees that are nobody's given name."""

PSEUDONYMS = (
    "Plover", "Kestrel", "Alder", "Curlew", "Hornbeam", "Lapwing", "Whitebeam", "Dunlin", "Larch",
    "Goldfinch", "Blackthorn", "Sandpiper", "Sycamore", "Avocet", "Spindle", "Redshank", "Hawthorn",
    "Turnstone", "Beech", "Nuthatch", "Juniper tree", "Fieldfare", "Aspen tree", "Wheatear", "Osier",
    "Stonechat", "Holm oak", "Bittern", "Wych elm", "Siskin", "Cedar", "Knot", "Field maple", "Goosander",
    "Service tree", "Linnet", "Sweet chestnut", "Twite", "Crack willow", "Brambling",
)  # fmt: skip
