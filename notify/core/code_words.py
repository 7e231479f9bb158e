"""The words of call-back codes: things that everybody knows, and that no two people hear alike on a telephone.

No two of a language differ in fewer than three letters, sound alike but for one sound, or have the same consonants;
none has an umlaut, an accent or a ß, or is a number. A test holds this against every pair. A code that was given out is
kept as it was printed, so words may be added or taken out later.
"""

from __future__ import annotations

_WORDS = {
    "de": """
        Ahorn Ampel Ananas Anker Antenne Atlas Aurora Bambus Banane Basilikum Batterie Bernstein Biber Birke
        Blume Bohne Bremse Brezel Bronze Brunnen Buchfink Bussard Dackel Dampfer Datteln Delfin Diamant Dirigent
        Distel Donner Dorfplatz Drachen Dynamo Efeu Eisberg Elefant Elster Engel Enzian Erdbeere Esche Espresso
        Estragon Eule Fabrik Falke Fasan Feder Ferkel Fichte Flamingo Forelle Fregatte Frosch Fuchs Funken Gabel
        Galerie Gazelle Geige Gepard Gewitter Ginster Giraffe Gitarre Gletscher Globus Gondel Granit Graupel
        Grille Gulasch Hafer Hamster Haselnuss Hering Himbeere Holunder Honig Hortensie Hotel Hummel Iltis
        Indigo Ingwer Jaguar Jasmin Kaffee Kakadu Kaktus Kamille Karussell Kastanie Kirsche Klavier Klee
        Knoblauch Kobold Kolibri Komet Kompass Korken Kristall Krokus Kuckuck Kupfer Laterne Lavendel Lawine
        Leiter Libelle Limette Linde Lokomotive Magnet Majoran Mango Marder Matrose Melone Monsun Mosaik Motor
        Muskat Narzisse Nektar Nessel Nordwind Obelisk Olive Orchidee Oregano Ozean Paddel Panda Papagei Paprika
        Parfum Passage Pelikan Pflaume Pilger Pinguin Pinsel Pirol Planet Platane Pokal Posaune Prisma Pudding
        Puma Quarz Quelle Quitte Radio Rentier Rettich Rhabarber Robbe Rosine Rubin Rucksack Safran Salami
        Sandale Saphir Sardine Schnecke Sellerie Sirene Skorpion Sofa Sonate Spargel Spatz Spinat Stadion
        Staffel Storch Strudel Sultan Tabak Taifun Tapete Teekanne Teller Thymian Topas Trompete Truhe Tunnel
        Turban Uniform Urlaub Vampir Vase Veilchen Ventil Violine Wacholder Walnuss Walzer Wermut Wespe Wigwam
        Wildente Wirsing Zebra Zikade Zimt Zirkus Zitrone Zucchini Zunder Zwiebel
    """,
    "en": """
        Acorn Almond Alpine Amber Anchor Antelope Apple Apricot Arrow Aspen Atlas Autumn Avocado Badger Balcony
        Bamboo Banana Banjo Barley Basil Basket Beacon Beaver Beetle Blossom Bonfire Bracelet Bramble Bronze
        Bubble Buffalo Butter Butterfly Cabin Cactus Camel Candle Carpet Cedar Celery Cello Cherry Circus Clover
        Cobalt Coconut Compass Copper Cosmos Cottage Cricket Crystal Curtain Cushion Cypress Daffodil Daisy
        Dolphin Donkey Dragon Drizzle Dynamo Eclipse Elephant Emerald Feather Fennel Flamingo Forest Fossil
        Fountain Foxglove Galaxy Garlic Gazelle Geranium Ginger Giraffe Glacier Granite Grape Hamster Harvest
        Hazelnut Hedgehog Helmet Heron Hollow Horizon Hornet Iceberg Indigo Ivory Jasmine Jungle Juniper Kayak
        Kiwi Lagoon Lantern Lavender Lentil Leopard Library Lighthouse Lilac Linen Lizard Lobster Locket Lotus
        Lunar Magnet Magpie Marble Marigold Meadow Meteor Mirror Mistletoe Monsoon Mosaic Mulberry Mushroom
        Mustard Napkin Nectar Notebook Nutmeg Oatmeal Ocean Octopus Onion Orange Orbit Orchard Ostrich Palace
        Pancake Panther Papaya Paprika Pasture Penguin Picnic Pilot Pineapple Planet Platinum Plum Polar Potato
        Prairie Pretzel Prism Pumpkin Puppet Pyramid Quarry Quilt Radish Raindrop Raspberry Raven Ribbon
        Rosemary Rowboat Ruby Saffron Sandal Sapphire Satellite Saxophone Seagull Shamrock Silver Skylark
        Slipper Snowflake Sofa Spinach Squirrel Stadium Sturgeon Summer Sunflower Swallow Sycamore Tadpole
        Tapestry Teapot Thistle Thunder Thyme Toffee Topaz Tornado Trombone Trumpet Tulip Turquoise Turtle
        Umbrella Unicorn Village Vineyard Violin Volcano Vulture Waffle Walnut Waterfall Window Wombat Woodland
        Zebra
    """,
    "fr": """
        Abeille Abricot Acajou Acrobate Agneau Aigle Albatros Alouette Amande Ambre Ananas Anguille Antilope
        Ardoise Asperge Atelier Aubergine Avocat Azur Bagage Balcon Baleine Bambou Barque Basilic Bateau Belette
        Berceau Biscuit Bison Blaireau Bocal Bonbon Boussole Bracelet Brocoli Bronze Buffle Cabane Cacao Cactus
        Cadran Canard Castor Cerise Chalet Coffre Compas Corail Cornet Coton Coyote Crabe Crocus Cuisine Cumin
        Cygne Dahlia Datte Dauphin Diamant Dindon Domino Dragon Drapeau Dune Eclair Enclume Encrier Epervier
        Epinard Escargot Estragon Etable Faisan Falaise Fanfare Farine Fauteuil Fenouil Feuille Flocon Fontaine
        Forge Foulard Fourmi Framboise Frelon Fromage Galaxie Gant Girafe Glacier Gobelet Gondole Goyave
        Grenouille Guepard Guirlande Guitare Hanneton Harpe Hibiscus Hibou Hirondelle Horloge Huile Ivoire
        Jardin Javelot Jonquille Journal Lagune Lampadaire Lanterne Lapin Laurier Lentille Leopard Libellule
        Licorne Lierre Lilas Limace Locomotive Lotus Loutre Magnolia Mandarine Mangue Marguerite Marmite Merle
        Mimosa Miroir Moineau Mosaique Moulin Mousse Muguet Myrtille Nacre Navet Nectar Noisette Nougat Oignon
        Olive Ombrelle Orange Ornement Ortie Otarie Palmier Panda Papaye Paprika Parasol Parfum Pastel Peigne
        Pendule Phoque Piscine Pistache Platane Plume Poivre Poulpe Prairie Prisme Prunelle Pyramide Raquette
        Rasoir Requin Rhubarbe Rivage Robinet Rocher Romarin Rossignol Ruban Sabot Salade Sandale Saturne Saule
        Saumon Saxophone Sculpture Serrure Sifflet Silex Singe Soleil Souris Statue Tabouret Talus Terrasse
        Tilleul Tomate Torrent Toucan Tournesol Trompette Truite Tulipe Turquoise Vautour Velours Verger Village
        Violon Zeste
    """,
}

#: The words by language; as many in each.
CODE_WORDS: dict[str, tuple[str, ...]] = {language: tuple(words.split()) for language, words in _WORDS.items()}
