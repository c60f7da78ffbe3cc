import sys

def main():
    sys.exit("usage: train DATA")

main()
