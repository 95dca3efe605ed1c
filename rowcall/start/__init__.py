"""How does a shop's folder begin: with the sample shop, or with a proposal for the shop's own workbook?"""
