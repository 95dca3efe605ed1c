"""How is an Excel workbook's file read and patched without touching what is not meant?"""
