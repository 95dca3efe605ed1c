"""How did the form of the state change from version to version?"""
