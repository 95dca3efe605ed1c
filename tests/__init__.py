"""Does Rowcall do what it says? Tests over real files, a real mail server and a real database."""
