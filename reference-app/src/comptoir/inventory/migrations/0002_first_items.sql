INSERT INTO items (sku, name_en, name_fr, price_cents, stock) VALUES
  ('BREAD-01', 'Sourdough loaf', 'Miche au levain', 480, 100000),
  ('CHEESE-01', 'Mountain cheese', 'Fromage de montagne', 1250, 100000),
  ('HONEY-01', 'Chestnut honey', 'Miel de châtaignier', 990, 100000),
  ('TRUFFLE-01', 'Black truffle', 'Truffe noire', 8900, 3)
ON CONFLICT (sku) DO NOTHING;
