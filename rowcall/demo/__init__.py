"""What does Rowcall do? A sample shop's two weeks in a few seconds, with real mails and a real workbook."""
